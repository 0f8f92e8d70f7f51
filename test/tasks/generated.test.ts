import {readFileSync} from 'node:fs';
import {beforeAll, describe, expect, test} from 'vitest';
import taskData from '../../stages/task-data.ts';
import {accuracy} from '../../src/math/metrics.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {readExamples} from '../../src/tasks/read.ts';
import type {Example, Task} from '../../src/tasks/task.ts';
import {comparable} from '../../src/text/normalize.ts';
import {englishWords} from '../../src/text/words.ts';
import {runStage} from '../stage-rig.ts';

const texts = (examples: readonly Example[]) =>
  new Set(examples.flatMap(({text1, text2}) => (text2 === null ? [text1] : [text1, text2])).map(comparable));

/** Multinomial naive Bayes on the words of one side: what that side alone gives away. */
const oneSided = (train: readonly Example[], dev: readonly Example[], side: (example: Example) => string): number => {
  const counts = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  const labels = [...new Set(train.map(({label}) => label!))];
  for (const example of train) {
    for (const word of new Set(englishWords(side(example)))) {
      const ofWord = counts.get(word) ?? new Map<string, number>();
      counts.set(word, ofWord.set(example.label!, (ofWord.get(example.label!) ?? 0) + 1));
      totals.set(example.label!, (totals.get(example.label!) ?? 0) + 1);
    }
  }
  const score = (example: Example, label: string) =>
    englishWords(side(example)).reduce(
      (sum, word) => sum + Math.log(((counts.get(word)?.get(label) ?? 0) + 1) / (totals.get(label)! + counts.size)),
      0,
    );
  const predictions = dev.map(example =>
    labels.reduce((best, label) => (score(example, label) > score(example, best) ? label : best)),
  );
  return accuracy(
    dev.map(({label}) => label!),
    predictions,
  );
};

describe.each(['topic', 'genre', 'entail', 'usage', 'sim'])('%s', name => {
  let task: Task;
  let paths: Awaited<
    ReturnType<typeof runStage<typeof taskData.params, typeof taskData.inputs, typeof taskData.outputs>>
  >['out'];
  let train: Example[];
  let dev: Example[];
  beforeAll(async () => {
    task = await loadTask(name);
    paths = (await runStage(taskData, {params: {task: name}})).out;
    [train, dev] = [readExamples(paths.train, task), readExamples(paths.dev, task)];
  });

  test('6,000 and 1,500 rows, every one with texts and a label; the test split is empty', () => {
    expect([train.length, dev.length]).toEqual([6000, 1500]);
    expect(readExamples(paths.test, task)).toEqual([]);
    for (const {text1, text2, label} of [...train, ...dev]) {
      expect(text1.length).toBeGreaterThan(5);
      expect(text2 === null).toBe(task.shape === 'sentence');
      expect(label).not.toBeNull();
    }
  });

  test('no text of dev is in train, no row is there twice', () => {
    const inTrain = texts(train);
    expect([...texts(dev)].filter(text => inTrain.has(text))).toEqual([]);
    for (const examples of [train, dev]) {
      expect(new Set(examples.map(({text1, text2}) => comparable(`${text1}\t${text2 ?? ''}`))).size).toBe(
        examples.length,
      );
    }
    expect(JSON.parse(readFileSync(paths.summary, 'utf8'))).toMatchObject({task: name, overlap: {texts: 0, rows: 0}});
  });

  test('labels are balanced, or spread over the range', () => {
    if (task.kind === 'regression') {
      const bins = new Uint32Array(10);
      for (const {label} of dev) bins[Math.min(9, Math.floor(Number(label) * 2))]!++;
      expect(Math.max(...bins)).toBeLessThanOrEqual(1500 / 8 + 1);
      expect(Math.min(...bins)).toBeGreaterThan(1500 / 40);
      return;
    }
    for (const examples of [train, dev]) {
      const shares = task.labels.map(label => examples.filter(each => each.label === label).length / examples.length);
      // topic draws 900 of each class before the split by hash; the others are equal to the row.
      const slack = name === 'topic' ? 0.02 : 0;
      for (const share of shares) expect(Math.abs(share - 1 / task.labels.length)).toBeLessThanOrEqual(slack + 1e-9);
    }
  });

  test('one side of a pair tells nothing', () => {
    if (task.kind === 'regression' || task.shape === 'sentence') return;
    // 1,500 coin flips have a standard deviation of .013; four of them.
    expect(Math.abs(oneSided(train, dev, ({text1}) => text1) - 0.5)).toBeLessThan(0.052);
    expect(oneSided(train, dev, ({text2}) => text2!)).toBe(0.5);
  });

  test('the same bytes again; another seed gives other rows, on the same sides', async () => {
    const again = await runStage(taskData, {params: {task: name}});
    for (const file of ['train', 'dev', 'test', 'summary'] as const) {
      expect(readFileSync(again.out[file], 'utf8')).toBe(readFileSync(paths[file], 'utf8'));
    }
    const other = await runStage(taskData, {params: {task: name, seed: 2}});
    expect(readFileSync(other.out.train, 'utf8')).not.toBe(readFileSync(paths.train, 'utf8'));
    if (task.shape === 'sentence') {
      const inTrain = texts(train);
      expect([...texts(readExamples(other.out.dev, task))].filter(text => inTrain.has(text))).toEqual([]);
    }
  });
});
