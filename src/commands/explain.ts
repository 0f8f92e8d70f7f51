import type {Reason} from '../contract/reason.ts';
import {compareKeys} from '../runner/key/compare-keys.ts';
import {ancestorsOf, readRecords, reportStages, unreadable, type Records} from './lock-graph.ts';
import {madeFrom, sideOf, type Side} from './trace-cells.ts';

/** Something that the user changed between two commits (or that differs on another machine), and whom it touches. */
export interface Cause {
  readonly kind: Reason['kind'] | 'stage-added' | 'stage-removed' | 'output-differs';
  readonly key: string;
  readonly was: unknown;
  readonly now: unknown;
  /** Stage → how many of its instances. */
  readonly stages: Readonly<Record<string, number>>;
  /** Whether it can have changed the report: along the edges of the DAG; null where no report stage is recorded. */
  readonly reachesReport: boolean | null;
  /** Labels of the cells in question that it reaches along the edges; cells whose origin isn't recorded are not here. */
  readonly cells: readonly string[];
}

export interface Explanation {
  readonly causes: readonly Cause[];
  /** What cannot be said, in words. */
  readonly notes: readonly string[];
  /** Cells in question whose origin is recorded. */
  readonly traced: readonly string[];
  /** Of these, the ones that no recorded change reaches. */
  readonly unexplained: readonly string[];
}

/** A cell that differs, with the instances whose outputs it sums up. */
export interface TracedCell {
  readonly label: string;
  readonly from: readonly string[];
}

/**
 * Compares the lock files of two commits. An input that another stage wrote is a consequence, not a cause, and is left
 * out; what remains is what somebody edited. A cause reaches a cell when it touched an instance that the cell's
 * predictions were made from, directly or not, or the stage that scored them.
 */
export const explain = (
  old: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  cells: readonly TracedCell[] = [],
): Explanation => {
  const [before, after] = [readRecords(old), readRecords(now)];
  const notes = [
    ...(old.size === 0 ? ['no lock files on the old side: what changed since then is not recorded'] : []),
    ...(now.size === 0 ? ['no lock files on the new side: what changed until then is not recorded'] : []),
    ...unreadable('old', old, before),
    ...unreadable('new', now, after),
  ];
  if (before.size === 0 || after.size === 0) return {causes: [], notes, traced: [], unexplained: []};
  const sides = [before, after].map(sideOf);
  const reaching = new Set(
    sides.flatMap(({records, producers}) => [...ancestorsOf(reportStages(records), records, producers)]),
  );
  const touched = new Map<string, Set<string>>();
  const causes = new Map<string, Omit<Cause, 'cells'>>();
  const add = (id: string, kind: Cause['kind'], key: string, was: unknown, is: unknown): void => {
    const name = JSON.stringify([kind, key, was, is]);
    const known = causes.get(name);
    touched.set(name, (touched.get(name) ?? new Set()).add(id));
    const stage = stageOf(id);
    causes.set(name, {
      kind,
      key,
      was,
      now: is,
      stages: {...known?.stages, [stage]: (known?.stages[stage] ?? 0) + 1},
      reachesReport: reaching.size === 0 ? null : (known?.reachesReport ?? false) || reaching.has(id),
    });
  };
  findCauses(before, after, sides, add);
  const traced = cells
    .filter(cell => cell.from.some(id => before.has(id) || after.has(id)))
    .map(cell => ({label: cell.label, made: new Set(sides.flatMap(side => madeFrom(cell.from, side)))}));
  const found = [...causes].map(([name, cause]): Cause => {
    const ids = [...(touched.get(name) ?? [])];
    return {...cause, cells: traced.filter(({made}) => ids.some(id => made.has(id))).map(cell => cell.label)};
  });
  const explained = new Set(found.flatMap(cause => cause.cells));
  return {
    causes: found.sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1)),
    notes,
    traced: traced.map(cell => cell.label),
    unexplained: traced.map(cell => cell.label).filter(label => !explained.has(label)),
  };
};

type Add = (id: string, kind: Cause['kind'], key: string, was: unknown, is: unknown) => void;

const findCauses = (before: Records, after: Records, sides: readonly Side[], add: Add): void => {
  for (const id of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [was, is] = [before.get(id), after.get(id)];
    if (!is) add(id, 'stage-removed', stageOf(id), null, null);
    else if (!was) add(id, 'stage-added', stageOf(id), null, null);
    else {
      const reasons = compareKeys(was.key, is.key);
      for (const reason of reasons) {
        if (!('was' in reason)) continue;
        const writers = reason.kind === 'input-changed' ? sides.map(({producers}) => producers.ofPath(reason.key)) : [];
        const writer = writers.find(found => found !== null) ?? null;
        // A stage on both sides that is read on one alone: somebody edited what is read.
        const isEdited = writer !== null && (reason.was === null) !== (reason.now === null);
        const isConsequence = writer !== null && !(isEdited && before.has(writer) && after.has(writer));
        if (!isConsequence) add(id, reason.kind, reason.key, reason.was, reason.now);
      }
      if (reasons.length === 0 && JSON.stringify(was.written) !== JSON.stringify(is.written))
        add(id, 'output-differs', stageOf(id), null, null);
    }
  }
};

const stageOf = (id: string): string => id.replace(/@.*$/s, '');

const order: readonly Cause['kind'][] = [
  'param-changed',
  'command-changed',
  'env-changed',
  'input-changed',
  'code-changed',
  'package-changed',
  'engine-changed',
  'stage-added',
  'stage-removed',
  'output-differs',
];
const rank = ({kind}: Cause | Omit<Cause, 'cells'>): number => order.indexOf(kind);
