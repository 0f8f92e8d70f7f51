import type {Cost} from './cost.ts';
import type {Results} from './results.ts';

/** What a table is made from. `cost` is null where timings must not appear (index.md, so that it stays unchanged). */
export interface ReportData {
  readonly results: Results;
  readonly cost: Cost | null;
}
