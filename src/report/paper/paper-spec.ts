import type {ReportData} from '../data.ts';
import type {Measure} from './measured.ts';
import type {PublishedTable} from './published-table.ts';

export interface PaperColumn {
  /** As the published table calls it. */
  readonly name: string;
  readonly measure: Measure;
  readonly digits?: number;
  /** Not in the paper's table: there where we have scores of it. */
  readonly onlyOurs?: true;
}

export interface PaperRow {
  /** As the published table calls it. */
  readonly name: string;
  /** Our arm; absent for what we don't run, whose published numbers stand there for comparison. */
  readonly arm?: string;
  /** Arms that it is tested against: stars mean better than all of them. */
  readonly against?: readonly string[];
  /** Print the difference from this arm in place of the score: an ablation. */
  readonly relativeTo?: string;
}

export interface PaperSpec {
  readonly title: string;
  readonly published: PublishedTable;
  readonly columns: readonly PaperColumn[];
  readonly rows: readonly PaperRow[];
  readonly centre: 'median' | 'mean';
  readonly test: 'bootstrap-median' | 'mann-whitney';
  /** Stars, or the p itself: as the paper does. */
  readonly marks: 'stars' | 'p';
  /** It holds timings: printed in cost.md, never in index.md. */
  readonly timed?: true;
  readonly pictures?: readonly string[];
  /** How ours was measured where that differs from the paper. */
  readonly notes?: (data: ReportData) => readonly string[];
}
