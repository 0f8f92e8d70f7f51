import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {openArrowWriter} from '../../src/io/arrow.ts';
import {multiply} from '../../src/math/feature-rows.ts';
import {createRandom} from '../../src/math/random.ts';
import {writeExamples} from '../../src/tasks/read.ts';
import type {Example} from '../../src/tasks/task.ts';
import {fitTfidf} from '../../src/training/labels/tfidf-features.ts';
import rte from '../../src/tasks/rte.ts';
import stsb from '../../src/tasks/sts-b.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {readPredictions} from '../../src/evaluation/predictions.ts';
import {englishWords} from '../../src/text/words.ts';
import baselines from '../../stages/baselines.ts';
import evaluate from '../../stages/evaluate.ts';
import significance from '../../stages/significance.ts';
import {readExpected} from '../math/close.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

/** A made-up RTE: the label can be read off shared words, in 9 of 10 pairs. A made-up STS-B: so can the score. */
const words = 'red blue green apple house river cloud stone horse paper'.split(' ');
const pairs = (count: number, name: string, kind: 'label' | 'score'): Example[] => {
  const random = createRandom(name);
  return Array.from({length: count}, (_, at) => {
    const first = Array.from({length: 5}, () => words[random.integer(words.length)]!);
    const kept = random.integer(6);
    const second = first.map((word, place) => (place < kept ? word : words[random.integer(words.length)]!));
    const isNoise = random.uniform() < 0.1;
    const label =
      kind === 'score'
        ? Math.max(0, Math.min(5, kept + random.normal() * 0.3)).toFixed(2)
        : kept >= 3 !== isNoise
          ? 'entailment'
          : 'not_entailment';
    return {id: String(at), text1: first.join(' '), text2: second.join(' '), label};
  });
};

let folder: string;
const files = (task: string) => ({
  train: join(folder, `${task}-train.tsv`),
  dev: join(folder, `${task}-dev.tsv`),
  test: join(folder, `${task}-test.tsv`),
});

beforeAll(async () => {
  folder = await scratchFolder();
  for (const task of [rte, stsb]) {
    const kind = task.kind === 'regression' ? 'score' : 'label';
    await writeExamples(files(task.name).train, task, pairs(600, 'train', kind));
    await writeExamples(files(task.name).dev, task, pairs(200, 'dev', kind));
    await writeExamples(
      files(task.name).test,
      task,
      pairs(10, 'test', kind).map(example => ({...example, label: null})),
    );
  }
  // A "teacher": bags of words, so that cosines are what the labels are made of.
  const texts = [rte, stsb].flatMap(task =>
    (['train', 'dev', 'test'] as const).flatMap(split =>
      pairs({train: 600, dev: 200, test: 10}[split], split, task.kind === 'regression' ? 'score' : 'label').flatMap(
        ({text1, text2}) => [text1, text2!],
      ),
    ),
  );
  const unique = [...new Set(texts)];
  const writer = openArrowWriter(join(folder, 'vectors.arrow'), {id: 'uint32', text: 'utf8', vector: {float32: 10}});
  await writer.append({
    id: Uint32Array.from(unique, (_, at) => at),
    text: unique,
    vector: Float32Array.from(
      unique.flatMap(text => words.map(word => text.split(' ').filter(w => w === word).length)),
    ),
  });
  await writer.close();
});

const run = (task: string, baseline: 'majority' | 'tfidf-lr' | 'teacher-lr', seed = 1) =>
  runStage(baselines, {
    params: {task, baseline, labels: 300, seed},
    in: {...files(task), vectors: baseline === 'teacher-lr' ? join(folder, 'vectors.arrow') : []},
    axis: {task, baseline, labels: '300', seed: String(seed)},
  });

describe('baselines', () => {
  it('predict in the form that evaluate and significance read', async () => {
    const {out} = await run('rte', 'tfidf-lr');
    const dev = readPredictions(out.dev, rte);
    expect(dev).toMatchObject({task: 'rte', split: 'dev', arm: 'tfidf-lr', axis: {labels: '300'}, seed: 1});
    expect(dev.ids).toHaveLength(200);
    expect(dev.logits).toHaveLength(400);
    const test = readPredictions(out.test, rte);
    expect(test.labels).toEqual(Array<null>(10).fill(null));
  });

  it('rank as they must where labels hang on shared words, and are tested as different', async () => {
    const predictions: string[] = [];
    for (const task of ['rte', 'sts-b']) {
      for (const baseline of ['majority', 'tfidf-lr', 'teacher-lr'] as const) {
        for (const seed of [1, 2, 3]) predictions.push((await run(task, baseline, seed)).out.dev);
      }
    }
    const {out} = await runStage(evaluate, {params: {tasks: ['rte', 'sts-b']}, in: {predictions}});
    const {scores} = JSON.parse(await readFile(out.scores, 'utf8')) as {
      scores: {task: string; arm: string; metric: string; seed: number; value: number}[];
    };
    const value = (task: string, metric: string, arm: string): number[] =>
      scores.filter(s => s.task === task && s.metric === metric && s.arm === arm).map(s => s.value);
    expect(value('rte', 'accuracy', 'majority').every(score => score > 0.4 && score < 0.65)).toBe(true);
    expect(value('sts-b', 'spearman', 'majority')).toEqual([0, 0, 0]);
    for (const arm of ['tfidf-lr', 'teacher-lr']) {
      expect(Math.min(...value('rte', 'accuracy', arm))).toBeGreaterThan(0.75);
      expect(Math.min(...value('sts-b', 'spearman', arm))).toBeGreaterThan(0.8);
    }

    const tested = await runStage(significance, {
      params: {
        tasks: ['rte', 'sts-b'],
        comparisons: [
          {a: 'tfidf-lr', b: 'majority'},
          {a: 'ltd', b: 'majority'},
        ],
        resamples: 999,
        exampleResamples: 500,
      },
      in: {scores: out.scores, predictions},
    });
    const {tests} = JSON.parse(await readFile(tested.out.tests, 'utf8')) as {tests: Record<string, unknown>[]};
    expect(tested.logs).toContain('ltd and majority are not compared on rte: not both have scores there');
    expect(tests.filter(test => test.task === 'rte').map(test => test.kind)).toEqual([
      'bootstrap-median',
      'bootstrap-median-greater',
      'mann-whitney',
      'wilcoxon',
      'seeds-and-examples',
      'mcnemar',
    ]);
    const examples = tests.find(test => test.task === 'rte' && test.kind === 'seeds-and-examples')!;
    expect(examples).toMatchObject({
      split: 'dev',
      metric: 'accuracy',
      axis: {labels: '300'},
      a: 'tfidf-lr',
      b: 'majority',
      n: [3, 3],
      examples: 200,
      pairedRuns: true,
      p: 1 / 501,
      adjusted: 2 / 501,
      correction: 'holm',
      comparisons: 2,
    });
    const rank = tests.find(test => test.task === 'rte' && test.kind === 'mann-whitney')!;
    // Three against three cannot go below .1, and the file says so.
    expect(rank).toMatchObject({p: 0.1, smallest: 0.1, adjusted: 0.2, effect: 1});
  });

  it('give the same bytes for the same seed, and other labels for another', async () => {
    const [first, again, other] = await Promise.all([
      run('rte', 'teacher-lr', 5),
      run('rte', 'teacher-lr', 5),
      run('rte', 'teacher-lr', 6),
    ]);
    expect(await readFile(first.out.dev)).toEqual(await readFile(again.out.dev));
    expect(readPredictions(first.out.dev, rte).logits).not.toEqual(readPredictions(other.out.dev, rte).logits);
  });

  it('say what is missing', async () => {
    const options = {params: {task: 'rte', baseline: 'teacher-lr', labels: 9, seed: 1} as const, in: files('rte')};
    await expect(runStage(baselines, options)).rejects.toThrow('needs the input `vectors`');
    const vectors = join(folder, 'few.arrow');
    const writer = openArrowWriter(vectors, {text: 'utf8', vector: {float32: 2}});
    await writer.append({text: ['other'], vector: Float32Array.of(1, 2)});
    await writer.close();
    await expect(runStage(baselines, {...options, in: {...files('rte'), vectors}})).rejects.toThrow(
      'there is no vector of the text',
    );
    const {out} = await run('sts-b', 'majority');
    await expect(runStage(evaluate, {params: {tasks: ['rte']}, in: {predictions: out.dev}})).rejects.toThrow(
      'predictions of the task "sts-b"; `tasks` names rte',
    );
  });

  it('refuses to compare predictions of different examples', async () => {
    const a = await run('rte', 'majority');
    const shorter = join(folder, 'shorter.tsv');
    await writeExamples(shorter, rte, pairs(150, 'dev', 'label'));
    const b = await runStage(baselines, {
      params: {task: 'rte', baseline: 'tfidf-lr', labels: 300, seed: 1},
      in: {...files('rte'), dev: shorter},
      axis: {labels: '300'},
    });
    const predictions = [a.out.dev, b.out.dev];
    const {out} = await runStage(evaluate, {params: {tasks: ['rte']}, in: {predictions}});
    await expect(
      runStage(significance, {
        params: {tasks: ['rte'], comparisons: [{a: 'majority', b: 'tfidf-lr'}], resamples: 9},
        in: {scores: out.scores, predictions},
      }),
    ).rejects.toThrow('are of different examples');
  });
});

describe('fitTfidf', () => {
  interface Expected {
    readonly texts: string[];
    readonly unseen: string;
    readonly unigrams: Record<string, number>;
    readonly bigrams: Record<string, number>;
  }
  const expected = readExpected('linear-models.json') as Expected;
  const examples = (texts: string[], text2: string | null): Example[] =>
    texts.map((text1, at) => ({id: String(at), text1, text2, label: null}));

  it('has scikit-learn’s TF-IDF values', async () => {
    const topic = await loadTask('topic');
    const {columns, values} = fitTfidf(
      topic,
      examples(expected.texts, null),
      englishWords,
    )(examples([expected.unseen], null));
    expect(columns).toHaveLength(Object.keys(expected.bigrams).length);
    const wanted = Object.values(expected.bigrams).sort((a, b) => a - b);
    Array.from(values)
      .sort((a, b) => a - b)
      .forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 12));
  });

  it('joins a pair as [u, v, |u − v|, u·v, cos]', () => {
    const fit = fitTfidf(rte, [...examples(expected.texts, ''), ...examples([''], 'bird cat')], englishWords);
    const [u, v] = ['the cat sang', 'the bird sang'];
    const row = fit([{id: '0', text1: u, text2: v, label: null}]);
    const size = (row.width - 1) / 4;
    const column = (block: number, at: number): number => {
      const weights = new Float64Array(row.width);
      weights[block * size + at] = 1;
      const out = new Float64Array(1);
      multiply(row, weights, 1, out);
      return out[0]!;
    };
    let cosine = 0;
    for (let at = 0; at < size; at++) {
      expect(column(2, at)).toBeCloseTo(Math.abs(column(0, at) - column(1, at)), 12);
      expect(column(3, at)).toBeCloseTo(column(0, at) * column(1, at), 12);
      cosine += column(0, at) * column(1, at);
    }
    expect(cosine).toBeGreaterThan(0.2);
    expect(column(4, 0)).toBeCloseTo(3 * cosine, 12);
  });
});
