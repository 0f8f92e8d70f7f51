import {expect, test} from 'vitest';
import {denseRows} from '../../src/math/feature-rows.ts';
import {createRandom} from '../../src/math/random.ts';
import rte from '../../src/tasks/rte.ts';
import stsb from '../../src/tasks/sts-b.ts';
import type {Example, Task} from '../../src/tasks/task.ts';
import {fitLinear} from '../../src/training/labels/linear-model.ts';

const width = 6;

/** `label` of a row's first feature and of chance; the other features are noise. */
const rows = (count: number, label: (first: number, chance: number) => string) => {
  const random = createRandom('rows');
  const values = Float64Array.from({length: count * width}, () => random.normal());
  const examples = Array.from({length: count}, (_, at): Example => {
    return {id: String(at), text1: '', text2: '', label: label(values[at * width]!, random.uniform())};
  });
  return {features: denseRows(values, width), examples};
};

const strengthOf = (task: Task, {features, examples}: ReturnType<typeof rows>, strengths: readonly number[]): number =>
  fitLinear(task, features, examples, {classification: strengths, regression: strengths}, createRandom(1)).strength;

const sign = (first: number): string => (first > 0.4 ? 'entailment' : 'not_entailment');

test.each([40, 900, 12_000])('of %d examples: a penalty that forbids to learn is not chosen', count => {
  for (const strengths of [
    [1e-7, 1],
    [1, 1e-7],
  ]) {
    expect(strengthOf(rte, rows(count, sign), strengths)).toBe(1);
    expect(
      strengthOf(
        stsb,
        rows(count, first => String(2.5 + first)),
        strengths,
      ),
    ).toBe(1);
  }
});

test('where there is nothing to learn, a strong penalty is', () => {
  const noise = rows(25, (_, chance) => (chance < 0.3 ? 'entailment' : 'not_entailment'));
  expect(strengthOf(rte, noise, [1000, 1e-7])).toBe(1e-7);
});

test('fewer examples than parts: the first strength, and a model all the same', () => {
  const few = rows(3, sign);
  expect(strengthOf(rte, few, [0.5, 1])).toBe(0.5);
});

test('the model is that of all examples with the strength that was chosen', () => {
  const all = rows(60, sign);
  const fit = (strengths: readonly number[]): Float32Array =>
    fitLinear(rte, all.features, all.examples, {classification: strengths, regression: []}, createRandom(1)).model(all.features); // prettier-ignore
  const chosen = strengthOf(rte, all, [1e-7, 1]);
  for (const [at, value] of fit([1e-7, 1]).entries()) expect(value).toBeCloseTo(fit([chosen])[at]!, 3);
});
