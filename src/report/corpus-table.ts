import {z} from 'zod';
import {factTables, type Fact} from './facts.ts';
import {thousands} from './format.ts';
import {gfm} from './table.ts';

const counts = z.record(z.string(), z.number());

const account = z.looseObject({
  read: counts,
  kept: counts,
  dropped: z.record(z.string(), z.looseObject({count: z.number(), bySource: counts})),
});

/** What came in, what was dropped for which reason, what stayed, a column a source; reasons that never applied are left out. */
const accountTable = ({read, kept, dropped}: z.output<typeof account>): string => {
  const sources = Object.keys(read);
  const row = (what: string, of: Readonly<Record<string, number>>): string[] => {
    const own = sources.map(source => of[source] ?? 0);
    return [what, ...own.map(thousands), thousands(own.reduce((sum, count) => sum + count, 0))];
  };
  const reasons = Object.entries(dropped).filter(([, {count}]) => count > 0);
  return gfm(
    ['Sentences', ...sources, 'All'],
    [
      row('read', read),
      ...reasons.map(([reason, {bySource}]) => row(`dropped: ${reason}`, bySource)),
      row('kept', kept),
    ],
    ['left', ...sources.map(() => 'right' as const), 'right'],
  );
};

/** An account in another form is printed as it is, key by key. */
export const corpusTables = (facts: readonly Fact[]): string =>
  facts
    .map(fact => {
      const read = account.safeParse(fact.json);
      return read.success ? accountTable(read.data) : factTables([fact]);
    })
    .join('\n');
