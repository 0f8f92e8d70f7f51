import {join} from 'node:path';
import {openEngine} from '../../src/engine/engine.ts';
import type {Parameters} from '../../src/engine/types.ts';
import {createRandom} from '../../src/math/random.ts';
import {writeRandomEncoder} from '../../src/models/random-encoder.ts';
import type {Example, Task} from '../../src/tasks/task.ts';
import {defineTask} from '../../src/tasks/task.ts';
import {createLossCurve} from '../../src/training/loss-curve.ts';
import {encodeTasks} from '../../src/training/multi-task/encode.ts';
import type {TaskExamples} from '../../src/training/multi-task/encode.ts';
import {mixtureOf} from '../../src/training/multi-task/epoch-order.ts';
import {headLayout} from '../../src/training/multi-task/heads.ts';
import {openMultiTaskPredictor} from '../../src/training/multi-task/predict.ts';
import {startFrom} from '../../src/training/multi-task/start.ts';
import {trainMultiTask} from '../../src/training/multi-task/train.ts';
import type {MultiTaskTraining} from '../../src/training/multi-task/train.ts';
import {scratchFolder} from '../stage-rig.ts';

const source = {kind: 'files', folder: 'X', splits: {}} as const;

/** Is the word "good" in the text? */
export const mood = defineTask({
  ...{name: 'mood', description: 'Mood.', kind: 'classification', shape: 'sentence', source},
  labels: ['bad', 'good'],
  metrics: ['accuracy'],
});

/** How many words of the first text are in the second, 0 to 4. */
export const overlap = defineTask({
  ...{name: 'overlap', description: 'Overlap.', kind: 'regression', shape: 'pair', source},
  range: {low: 0, high: 4},
  metrics: ['pearson'],
});

const words = 'the a cat dog ran sat red blue here there good'.split(' ');

/** Texts of 3 to 8 words and their true labels. */
export const moodExamples = (count: number, seed: number): Example[] => {
  const random = createRandom(seed).fork('mood');
  return Array.from({length: count}, (_, at) => {
    const isGood = at % 2 === 1;
    const text = Array.from({length: 3 + random.integer(6)}, () => words[random.integer(words.length - 1)]!);
    if (isGood) text[random.integer(text.length)] = 'good';
    return {id: `m${at}`, text1: text.join(' '), text2: null, label: isGood ? 'good' : 'bad'};
  });
};

export const overlapExamples = (count: number, seed: number): Example[] => {
  const random = createRandom(seed).fork('overlap');
  return Array.from({length: count}, (_, at) => {
    const pick = (): string[] => random.shuffle([...words]).slice(0, 4);
    const [first, second] = [pick(), pick()];
    const label = first.filter(word => second.includes(word)).length;
    return {id: `o${at}`, text1: first.join(' '), text2: second.join(' '), label: String(label)};
  });
};

/** A random encoder of one layer, 16 wide, whose pieces are the words above. */
export const tinyEncoder = async (): Promise<string> => {
  const folder = join(await scratchFolder(), 'encoder');
  const shape = {layers: 1, width: 16, heads: 2, inner: 32, positions: 40, vocabulary: 200, seed: 7};
  writeRandomEncoder(folder, [words.join(' '), words.join(' ')], shape);
  return folder;
};

export interface TinyTraining extends Partial<MultiTaskTraining> {
  readonly folder: string;
  readonly tasks: readonly (Partial<TaskExamples> & Pick<TaskExamples, 'examples'> & {readonly task: Task})[];
  /** Of the encoder and the heads. */
  readonly dropout?: number;
}

/** Trains without warm-up surprises: small, fast, and all losses at hand. */
export const trainTiny = async (options: TinyTraining) => {
  const {folder, tasks, dropout = 0} = options;
  const layout = headLayout(tasks.map(({task}) => task));
  const random = createRandom(3);
  const start = startFrom(folder, layout, 'new', random);
  const sources = tasks.map(task => ({bothOrders: false, teacher: null, ...task}));
  const {examples, sizes} = encodeTasks(layout, sources, start.tokenizer, 40);
  const engine = await openEngine({threads: 1});
  const losses: number[] = [];
  const curve = createLossCurve();
  const config = {...start.config, dropout, attentionDropout: dropout};
  const parameters: Parameters = await trainMultiTask({
    ...{engine, layout, examples, curve, config, parameters: start.parameters, headDropout: dropout, sigmoid: false},
    ...{
      mixture: mixtureOf(sizes, {by: 'none', exponent: 0.75}),
      goldWeight: 'annealed',
      epochs: 2,
      batch: 8,
      runPieces: 64,
      stepsByLength: 1,
    },
    ...{learningRate: 1e-3, warmup: 0.1, layerDecay: 0.9, weightDecay: 0.01, epsilon: 1e-6, clipNorm: 1, seed: 1},
    ...{reduction: 'sum', random: random.fork('order'), signal: new AbortController().signal},
    checkpoints: await scratchFolder(),
    onStep: (_step, _total, loss) => losses.push(loss),
    ...options,
  });
  const model = {...start, config, parameters, layout, maxPieces: 40, sigmoid: options.sigmoid ?? false};
  return {
    ...{parameters, losses, curve, layout, start},
    predict: async (task: Task, rows: readonly Example[]): Promise<Float32Array> => {
      const predictor = await openMultiTaskPredictor(model, {threads: 1});
      const found = await predictor.predict(
        layout.heads.find(head => head.task === task)!,
        rows,
      );
      await predictor.close();
      return found;
    },
  };
};

/** Share of right answers of a classifier's logits. */
export const accuracyOf = (logits: Float32Array, rows: readonly Example[], labels: readonly string[]): number => {
  const width = labels.length;
  const right = rows.filter(({label}, at) => {
    const own = logits.subarray(at * width, (at + 1) * width);
    return labels[own.indexOf(Math.max(...own))] === label;
  });
  return right.length / rows.length;
};
