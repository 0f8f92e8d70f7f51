import {runsAndExamplesWarning} from '../math/stray-warning.ts';
import {median} from '../math/descriptive.ts';
import {cellsOf} from './cells.ts';
import {adjustedP, compare, examplesTest, type Comparison} from './comparisons.ts';
import {listed, plural, probability, signedPoints} from './format.ts';
import type {Results, Test} from './results.ts';
import {correctionInWords, countsInWords, testInWords} from './test-words.ts';

/**
 * What was found, one sentence a line, every one made from the numbers and hedged as the tests allow: a direction is
 * claimed only where the corrected p is below .05, and missing tests or arms are said.
 */
export const findings = (results: Results): string[] => {
  const {headline} = results;
  if (results.scores.length === 0) return ['There are no scores yet, so nothing was found.'];
  if (!headline) return ['No headline comparison was named, so the tables below stand without a summary.'];
  const {a, b} = headline;
  const all = compare(results, a, b);
  if (all.length === 0) {
    const arms = new Set(results.scores.map(s => s.arm));
    const missing = [a, b].filter(arm => !arms.has(arm)).map(arm => `\`${arm}\``);
    return missing.length > 0
      ? [`\`${a}\` and \`${b}\` cannot be compared: there are no scores of ${listed(missing)}.`]
      : [`\`${a}\` and \`${b}\` cannot be compared: no task has scores of both.`];
  }
  return [
    headlineSentence(a, b, all, results),
    ...overExamples(a, all, results),
    ...undecided(a, b, all),
    ...baselines(results, a),
    ...closeness(results),
  ];
};

const where = (c: Comparison): string => [c.a.task, ...Object.values(c.a.axis)].join(' ');

const range = (all: readonly Comparison[]): string => {
  const differences = all.map(c => c.difference);
  const [low, high] = [Math.min(...differences), Math.max(...differences)];
  return low === high ? `${signedPoints(low)} points` : `${signedPoints(low)} to ${signedPoints(high)} points`;
};

const significant = (c: Comparison): boolean => adjustedP(c) < 0.05;

const headlineSentence = (a: string, b: string, all: readonly Comparison[], results: Results): string => {
  const test = all.flatMap(c => c.tests[0] ?? [])[0];
  const seeds = `medians over ${countsInWords(all.flatMap(c => [c.a.values.length, c.b.values.length]))} seeds`;
  if (!test) {
    const higher = all.filter(c => c.difference > 0).length;
    return `On ${higher} of ${plural(all.length, 'task')} \`${a}\` scored above \`${b}\` (differences ${range(all)}, ${seeds}); whether that is more than noise ${all.some(c => c.untrusted.length > 0) ? 'cannot be told from so few seeds' : 'was not tested'}.`;
  }
  const better = all.filter(c => c.difference > 0 && significant(c));
  const by = `by ${testInWords(test)} ${correctionInWords(test, results)}`;
  if (better.length === 0) {
    const on = all.length === 1 ? `On ${all.map(where)[0]}` : `On none of ${all.length} tasks`;
    return `${on} could \`${a}\` ${all.length === 1 ? 'not ' : ''}be shown to be better than \`${b}\` (differences ${range(all)}, ${seeds}; no adjusted p < .05 ${by}).`;
  }
  const largest = Math.max(...better.map(adjustedP));
  const bound = [0.001, 0.01, 0.05].find(limit => largest < limit) ?? 0.05;
  return `On ${better.length} of ${plural(all.length, 'task')} \`${a}\` is better than \`${b}\`: differences ${range(better)} (${seeds}), ${better.length > 1 ? 'each ' : ''}with adjusted p < ${String(bound).slice(1)} ${by}.`;
};

/** Seeds alone say how a training varies; the examples say how the dev set might have fallen. */
const overExamples = (a: string, all: readonly Comparison[], results: Results): string[] => {
  const tests = all.flatMap(c => examplesTest(c) ?? []);
  const [first] = tests;
  if (!first || all.every(c => c.tests[0] === examplesTest(c))) return [];
  const better = tests.filter(t => (t.difference ?? 0) > 0 && (t.adjusted ?? 1) < 0.05);
  const lows = tests.flatMap(t => t.interval?.[0] ?? []);
  const bound =
    lows.length === tests.length
      ? `; the lowest end of a ${confidence(first)} % interval is ${signedPoints(Math.min(...lows))} points`
      : '';
  const isTimid = first.kind === 'seeds-and-examples' && better.length < tests.length;
  return [
    `With the evaluation examples resampled as well (${testInWords(first)}), \`${a}\` is better on ${better.length} of ${plural(tests.length, 'task')} ${correctionInWords(first, results)}${bound}.`,
    ...(isTimid ? [runsAndExamplesWarning] : []),
  ];
};

const confidence = (test: Test): number => Math.round(100 * (test.confidence ?? 0.95));

const undecided = (a: string, b: string, all: readonly Comparison[]): string[] => {
  const tested = all.filter(c => c.tests[0]);
  const worse = tested.filter(c => c.difference < 0 && significant(c));
  const open = tested.filter(c => !significant(c));
  const untested = tested.length > 0 ? all.filter(c => !c.tests[0]) : [];
  const better = tested.length - worse.length - open.length;
  return [
    ...(worse.length > 0 ? [`\`${a}\` is worse than \`${b}\` on ${listed(worse.map(where))}: ${range(worse)}.`] : []),
    ...(open.length > 0 && better > 0
      ? [
          `No difference could be shown on ${listed(open.map(c => `${where(c)} (${signedPoints(c.difference)} points, adjusted p = ${probability(adjustedP(c))})`))}; that is not evidence that there is none.`,
        ]
      : []),
    ...(untested.length > 0 ? [`Not tested: ${listed(untested.map(where))}.`] : []),
  ];
};

/** The student against the simple baselines: a gain over a straw man is no gain. */
const baselines = (results: Results, a: string): string[] => {
  const present = ['tfidf-lr', 'teacher-lr'].filter(arm => cellsOf(results).some(c => c.arm === arm));
  return present.flatMap(arm => {
    const all = compare(results, a, arm);
    if (all.length === 0) return [];
    const above = all.filter(c => c.difference > 0);
    const tests = all.flatMap(c => c.tests[0] ?? []);
    const hedge =
      tests.length === all.length
        ? `, ${all.filter(c => c.difference > 0 && significant(c)).length} with adjusted p < .05`
        : ' (not tested)';
    const names: Readonly<Record<string, string>> = {
      'tfidf-lr': 'a TF-IDF logistic regression',
      'teacher-lr': "a logistic regression on the teacher's own vectors",
    };
    return [
      `Against ${names[arm] ?? arm} (\`${arm}\`) its median is higher on ${above.length} of ${plural(all.length, 'task')}${hedge}: ${range(all)}.`,
    ];
  });
};

const closeness = (results: Results): string[] => {
  const runs = results.distillation.filter(d => d.arm === results.headline?.a);
  const middle = (values: readonly (number | null | undefined)[]): number | null => {
    const known = values.filter(v => v !== undefined && v !== null);
    return known.length === 0 ? null : median(known);
  };
  const student = middle(runs.map(r => r.final.heldOutCosine));
  if (student === null) return [];
  const beside = [
    ['an untrained student', middle(runs.map(r => r.untrained?.heldOutCosine))] as const,
    ['a bag of words', middle(runs.map(r => r.bagOfWords?.heldOutCosine))] as const,
  ].flatMap(([name, value]) => (value === null ? [] : [`${value.toFixed(3)} for ${name}`]));
  return [
    `On held-out sentences the distilled student's vectors have a mean cosine of ${student.toFixed(3)} to the teacher's${beside.length > 0 ? `, against ${listed(beside)}` : ''} (median over ${plural(runs.length, 'distillation run')}).`,
  ];
};
