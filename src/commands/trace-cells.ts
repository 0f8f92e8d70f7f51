import {ancestorsOf, producersOf, reportStages, writersOf, type Producers, type Records} from './lock-graph.ts';

/** One commit's records as a graph. */
export interface Side {
  readonly records: Records;
  readonly producers: Producers;
  /** Who wrote the scores that the report reads, with all that they read from. */
  readonly scorers: readonly {readonly id: string; readonly read: ReadonlySet<string>}[];
}

export const sideOf = (records: Records): Side => {
  const producers = producersOf(records);
  const writers = reportStages(records).flatMap(id => writersOf(id, records, producers, 'scores'));
  const scorers = [...new Set(writers)].map(id => ({id, read: ancestorsOf([id], records, producers)}));
  return {records, producers, scorers};
};

/** The predictions' makers, what they read, and the stages that turned these predictions into scores. */
export const madeFrom = (from: readonly string[], {records, producers, scorers}: Side): string[] => [
  ...ancestorsOf(
    from.filter(id => records.has(id)),
    records,
    producers,
  ),
  ...scorers.filter(({read}) => from.some(id => read.has(id))).map(({id}) => id),
];
