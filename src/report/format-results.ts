import {compareNatural} from './order.ts';
import type {Results} from './results.ts';

type Ordered = readonly (string | number | null | undefined)[];

const byKeys =
  <T>(keys: (item: T) => Ordered) =>
  (a: T, b: T): number => {
    const [x, y] = [keys(a), keys(b)];
    for (let i = 0; i < x.length; i++) {
      const [u, v] = [x[i] ?? '', y[i] ?? ''];
      const order = typeof u === 'number' && typeof v === 'number' ? u - v : compareNatural(String(u), String(v));
      if (order !== 0) return order;
    }
    return 0;
  };

const flat = (axis: Readonly<Record<string, string>> | undefined): string => JSON.stringify(axis ?? {});

/**
 * results.json: full precision, a fixed order, one score or test a line, so that a changed number is a changed line in
 * git whatever order the stages' files were read in.
 */
export const formatResults = (results: Results): string => {
  const sorted: Results = {
    ...results,
    scores: results.scores.toSorted(byKeys(s => [s.task, s.split, s.metric, flat(s.axis), s.arm, s.seed])),
    tests: results.tests.toSorted(byKeys(t => [t.kind, t.a, t.b, t.task, t.split, t.metric, flat(t.axis)])),
    distillation: results.distillation.toSorted(byKeys(d => [d.arm, d.seed])),
  };
  const lines = Object.entries(sorted)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const isList = Array.isArray(value) && value.length > 0;
      const text = isList ? `[\n${value.map(v => `    ${JSON.stringify(v)}`).join(',\n')}\n  ]` : JSON.stringify(value);
      return `  ${JSON.stringify(key)}: ${text}`;
    });
  return `{\n${lines.join(',\n')}\n}\n`;
};
