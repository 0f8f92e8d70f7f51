import {writeFileSync} from 'node:fs';

/** One term of a loss: as it is, and times its weight at that step (0 for a term that is switched off). */
export interface TermLoss {
  readonly value: number;
  readonly weighted: number;
}

/** Means over the steps since the point before; `step` counts from 1 and is the last of them. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
  readonly terms?: Readonly<Record<string, TermLoss>>;
}

/** What a picture of a training can show; a million steps are no file to keep. */
export const mostPoints = 200;

/** The loss of a training that may be stopped and gone on with: `notes` go into its checkpoint, `restore` takes them back. */
export interface LossCurve {
  /** To be told of every step of `total`, in order. */
  add(step: number, total: number, loss: number, terms?: Readonly<Record<string, TermLoss>>): void;
  points(): readonly LossPoint[];
  notes(): string;
  restore(notes: string): void;
}

interface Sums {
  count: number;
  loss: number;
  readonly terms: Record<string, {value: number; weighted: number}>;
}

const nothing = (): Sums => ({count: 0, loss: 0, terms: {}});

export const createLossCurve = (): LossCurve => {
  let points: LossPoint[] = [];
  let sums = nothing();
  return {
    add(step, total, loss, terms = {}) {
      sums.count += 1;
      sums.loss += loss;
      for (const [name, {value, weighted}] of Object.entries(terms)) {
        const sum = (sums.terms[name] ??= {value: 0, weighted: 0});
        sum.value += value;
        sum.weighted += weighted;
      }
      if (sums.count < Math.ceil(total / mostPoints) && step < total) return;
      points.push(meansOf(step, sums));
      sums = nothing();
    },
    points: () => points,
    notes: () => JSON.stringify({points, sums}),
    restore(notes) {
      ({points, sums} = JSON.parse(notes) as {points: LossPoint[]; sums: Sums});
    },
  };
};

const meansOf = (step: number, {count, loss, terms}: Sums): LossPoint => {
  const names = Object.keys(terms);
  const means = names.map(name => {
    const {value, weighted} = terms[name]!;
    return [name, {value: value / count, weighted: weighted / count}] as const;
  });
  return {step, loss: loss / count, ...(names.length > 0 ? {terms: Object.fromEntries(means)} : {})};
};

/** A training on labels as the report's input `training` reads it; docs/paper-tables.md has the names that it expects. */
export interface TaskCurve {
  readonly task: string;
  readonly arm: string;
  readonly axis: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly steps: readonly LossPoint[];
}

/** A point a line. */
export const writeTaskCurve = (file: string, {steps, ...origin}: TaskCurve): void => {
  const lines = steps.map(point => `  ${JSON.stringify(point)}`).join(',\n');
  const head = JSON.stringify(origin).slice(0, -1);
  writeFileSync(file, `${head},"steps":[\n${lines}\n]}\n`);
};
