import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {accuracy} from '../../src/math/metrics.ts';
import {readArrow} from '../../src/io/arrow.ts';
import {readExamples} from '../../src/tasks/read.ts';
import {targetsOf} from '../../src/training/targets.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {readPredictions} from '../../src/evaluation/predictions.ts';
import {bilstm, copy, curveOf, distil, encoder, makeRig, writePairs} from './rig.ts';
import type {Rig} from './rig.ts';
import {scratchFolder} from '../stage-rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig();
}, 60_000);

const bytes = ({out}: {out: {student: string; dev: string; metrics: string}}): Buffer[] =>
  [join(out.student, 'model.safetensors'), out.dev, out.metrics].map(file => readFileSync(file));
const rowsOf = (table: ReturnType<typeof readArrow>, name: string): number[][] => {
  const vectors = table.vectors(name);
  return Array.from({length: table.rows}, (_, row) => Array.from(vectors.row(row)));
};
/** COS-NCE of states with themselves and all others: 1 − .5 · mean distance to the others. */
const contrastOfCopy = (states: readonly number[][]): number => {
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, at) => sum + x * b[at]!, 0);
  const distances = states.flatMap((a, i) =>
    states.flatMap((b, j) => (i === j ? [] : [1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))])),
  );
  return 1 - (0.5 * distances.reduce((sum, x) => sum + x, 0)) / distances.length;
};
const raw = {perturbation: {kind: 'raw', epsilon: 1}};

describe('a step of every method on every student that it makes sense with', () => {
  it.each([
    ['finetune', encoder, {}, ['hard']],
    ['hinton', bilstm, {}, ['soft', 'hard']],
    ['bilstm-kd', bilstm, {}, ['logits', 'hard']],
    ['patient-kd', encoder, {map: true}, ['soft', 'hard', 'patient']],
    ['tinybert', encoder, {}, ['embedding', 'hidden', 'attention', 'soft', 'hard']],
    ['distilbert', copy, {}, ['soft', 'hard', 'cosine']],
    ['lrc-bert', encoder, {negatives: {count: 5}}, ['contrast', 'soft', 'hard']],
    ['lrc-bert', bilstm, {negatives: {count: 3, from: 'batch'}}, ['contrast', 'soft', 'hard']],
  ])('%s', async (method, student, settings, terms) => {
    const curve = curveOf(await distil(rig, {method, student, settings}));
    expect(curve).toMatchObject({task: 'mnli', arm: method});
    expect(curve.steps).toHaveLength(5);
    for (const step of curve.steps) {
      expect(Object.keys(step.terms)).toEqual(terms);
      const sum = Object.values(step.terms).reduce((total, {weighted}) => total + weighted, 0);
      expect(step.loss).toBeCloseTo(sum, 4);
    }
  });
});

it.each([
  ['tinybert', bilstm, {}, /"tinybert" cannot teach a bilstm: it compares hidden states of tokens and attention/],
  ['tinybert', {...encoder, heads: 2}, {}, /the student has 2 heads, the teacher 4/],
  ['patient-kd', bilstm, {}, /"patient-kd" cannot teach a bilstm/],
  ['patient-kd', encoder, {}, /the student has 8, the teacher 16. Make the student as wide, or write map: true/],
  ['patient-kd', {...encoder, layers: 1}, {}, /the student has one layer/],
  ['distilbert', encoder, {}, /write weights: {cosine: 0}/],
  ['lrc-bert', encoder, {negatives: {count: 8, from: 'batch'}}, /wants 8 negatives from a batch of 8/],
  ['lrc-bert', encoder, {layers: [[3, 1]]}, /maps the student's layer 3 to the teacher's 1; they have 2 and 2/],
  ['lrc-bert', encoder, {temperature: 0}, /settings of method "lrc-bert"/],
  ['ltd', encoder, {}, /"ltd" does not learn tasks/],
  ['nothing', encoder, {}, /There is no method "nothing"/],
  ['hinton', {...encoder, start: 'teacher'}, {}, /leave out `width`, `heads`, `inner`/],
  ['hinton', {model: 'encoder', layers: 2}, {}, /needs `width`, `heads`, `inner`/],
  ['hinton', {model: 'encoder', layers: 2, start: 'folder'}, {}, /give it as `start` in `in`/],
] as const)('%s refuses what makes no sense, with the reason', async (method, student, settings, message) => {
  await expect(distil(rig, {method, student, settings})).rejects.toThrow(message);
});

describe('truth', () => {
  it('a perturbation of length 0 is none, to the byte, dropout and all', async () => {
    for (const student of [encoder, bilstm]) {
      const of = (perturbation: unknown) => distil(rig, {method: 'lrc-bert', student, settings: {perturbation}});
      const none = bytes(await of('none'));
      for (const kind of ['raw', 'normalised'])
        expect(bytes(await of({kind, epsilon: 0})).every((own, at) => own.equals(none[at]!))).toBe(true);
      expect(bytes(await of({kind: 'raw', epsilon: 1}))[0]!.equals(none[0]!)).toBe(false);
    }
  });

  it('a student that is its teacher has no soft, cosine, hidden and patient loss; contrast and labels have their closed forms', async () => {
    const first = async (method: string, settings: Record<string, unknown>) =>
      curveOf(await distil(rig, {method, student: copy, settings, learningRate: 1e-9})).steps[0]!.terms;
    const {soft, hard, cosine} = await first('distilbert', {});
    expect(soft!.value).toBeCloseTo(0, 6);
    expect(cosine!.value).toBeCloseTo(0, 6);
    expect((await first('patient-kd', {}))['patient']!.value).toBeCloseTo(0, 6);
    expect((await first('tinybert', {}))['attention']!.value).toBeCloseTo(0, 8);
    // All 40 examples at once, all 39 others as negatives: the closed forms follow from the teacher's signals alone.
    const settings = {map: false, negatives: {count: 39, from: 'batch'}, perturbation: 'none'};
    const {out} = await distil(rig, {method: 'lrc-bert', student: copy, settings, batch: 40});
    const {contrast} = curveOf({out}).steps[0]!.terms;
    const table = readArrow(rig.signals);
    const closed = [1, 2].reduce((sum, layer) => sum + contrastOfCopy(rowsOf(table, `layer ${layer}`)), 0);
    expect(contrast!.value).toBeCloseTo(closed, 5);
    const task = await loadTask('mnli');
    const gold = targetsOf(task, readExamples(rig.train, task));
    const entropies = rowsOf(table, 'logits').map(
      (logits, row) => Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)) - logits.reduce((sum, x, at) => sum + x * gold[row * 3 + at]!, 0), // prettier-ignore
    );
    const all = curveOf(await distil(rig, {method: 'finetune', student: copy, batch: 40})).steps[0]!.terms['hard']!;
    expect(all.value).toBeCloseTo(entropies.reduce((sum, x) => sum + x, 0) / 40, 5);
    expect(hard!.value).toBeGreaterThan(0.5);
  });

  it('leaving a term out changes no other term of the first step, and it is logged all the same', async () => {
    const of = async (weights: object) => {
      const settings = {weights, contrastShare: 0, ...raw};
      return curveOf(await distil(rig, {method: 'lrc-bert', student: encoder, settings})).steps[0]!.terms;
    };
    const perturbed = await of({});
    expect(Object.keys(perturbed)).toEqual(['contrast', 'soft', 'hard']);
    const whole = curveOf(await distil(rig, {method: 'lrc-bert', student: encoder, settings: {contrastShare: 0, perturbation: 'none'}})).steps[0]!.terms; // prettier-ignore
    for (const name of ['contrast', 'soft', 'hard']) {
      const settings = {weights: {[name]: 0}, contrastShare: 0, perturbation: 'none'};
      const {steps} = curveOf(await distil(rig, {method: 'lrc-bert', student: encoder, settings}));
      for (const other of ['contrast', 'soft', 'hard']) {
        expect(steps[0]!.terms[other]!.value).toBe(whole[other]!.value);
        expect(steps[0]!.terms[other]!.weighted).toBe(other === name ? 0 : whole[other]!.weighted);
      }
    }
  });

  it('the first stage learns by contrast alone, for its share of the steps', async () => {
    const settings = {contrastShare: 0.4, weights: {contrast: {from: 1, to: 0}}};
    const {steps} = curveOf(await distil(rig, {method: 'lrc-bert', student: encoder, settings}));
    expect(steps.map(({terms}) => terms['soft']!.weighted !== 0)).toEqual([false, false, true, true, true]);
    steps.forEach(({terms}, at) => {
      const {value, weighted} = terms['contrast']!;
      expect(weighted / value).toBeCloseTo(1 - at / 5, 5);
    });
  });

  it('the same seed gives the same bytes; a training that was stopped ends with those of one that was not', async () => {
    const params = {method: 'lrc-bert', student: encoder, epochs: 24, settings: raw} as const; // 120 steps
    const whole = bytes(await distil(rig, params));
    const folder = await scratchFolder();
    const controller = new AbortController();
    const stopped = distil(rig, {...params, epochs: 24}, {folder, signal: AbortSignal.any([controller.signal])});
    const {existsSync} = await import('node:fs');
    const checkpoint = join(folder, 'scratch', 'checkpoint.safetensors');
    const watch = setInterval(() => existsSync(checkpoint) && controller.abort(), 5);
    await expect(stopped).rejects.toThrow();
    clearInterval(watch);
    const resumed = bytes(await distil(rig, params, {folder}));
    expect(resumed.every((own, at) => own.equals(whole[at]!))).toBe(true);
    expect(bytes(await distil(rig, {...params, seed: 2}))[0]!.equals(whole[0]!)).toBe(false);
  });
});

it('a few examples are learnt by heart; shuffled labels give chance on others', async () => {
  const task = await loadTask('mnli');
  const scoreOf = async (train: string, dev: string): Promise<number> => {
    const own = {...(await makeRig(0, train)), dev};
    const {out} = await distil(own, {method: 'finetune', student: copy, epochs: 60, learningRate: 0.005});
    const {labels, predictions} = readPredictions(out.dev, task);
    return accuracy(labels as string[], predictions);
  };
  const few = await writePairs('few', 16);
  expect(await scoreOf(few, few)).toBe(1);
  const [true_, wrong, unseen] = [await writePairs('t', 100), await writePairs('t', 100, {shuffled: true}), await writePairs('unseen', 150)]; // prettier-ignore
  expect(await scoreOf(true_, unseen)).toBeGreaterThan(0.8);
  // Three labels, of which one has a quarter: chance is .344, four standard deviations above it .5.
  expect(await scoreOf(wrong, unseen)).toBeLessThan(0.5);
});
