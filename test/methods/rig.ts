import {cpSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {z} from 'zod';
import {createRandom} from '../../src/math/random.ts';
import mnli from '../../src/tasks/mnli.ts';
import distilTask from '../../stages/distil-task.ts';
import teacherSignals from '../../stages/teacher-signals.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

/** A BERT of 2 layers, 16 wide, 4 heads, with random weights and a head of 3 labels. */
export const tiny = fileURLToPath(new URL('../expected/tiny-bert', import.meta.url));
export const labels = mnli.kind === 'classification' ? mnli.labels : [];

const letters = 'abcdefgh';

/** Pairs of letters; the label follows from the first ones, so that it can be learnt, or is drawn at random. */
export const writePairs = async (name: string, rows: number, {shuffled = false, from = name} = {}): Promise<string> => {
  const file = join(await scratchFolder(), `${name}.tsv`);
  const random = createRandom(from);
  const noise = createRandom(`${from} labels`);
  const lines = Array.from({length: rows}, (_, at) => {
    const text = (): string[] => Array.from({length: 2 + random.integer(3)}, () => letters[random.integer(8)]!);
    const [a, b] = [text(), text()];
    const label = shuffled ? noise.integer(3) : letters.indexOf(a[0]!) % 3;
    return `${at}\t${a.join(' ')}\t${b.join(' ')}\t${labels[label]}\n`;
  });
  writeFileSync(file, `id\tsentence1\tsentence2\tlabel\n${lines.join('')}`);
  return file;
};

/** The tiny teacher with the task's labels in its config.json. */
export const teacherFolder = async (): Promise<string> => {
  const folder = join(await scratchFolder(), 'teacher');
  cpSync(tiny, folder, {recursive: true});
  const file = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({...config, id2label: Object.fromEntries(labels.entries())}));
  return folder;
};

export interface Rig {
  readonly train: string;
  readonly dev: string;
  readonly test: string;
  readonly teacher: string;
  readonly signals: string;
}

export const makeRig = async (rows = 40, train?: string): Promise<Rig> => {
  const own = train ?? (await writePairs('train', rows));
  const [dev, test, teacher] = [await writePairs('dev', 30), await writePairs('test', 0), await teacherFolder()];
  const {out} = await runStage(teacherSignals, {in: {examples: own, teacher}, params: {task: 'mnli', maxTokens: 12}});
  return {train: own, dev, test, teacher, signals: out.signals};
};

export const encoder = {model: 'encoder', layers: 2, width: 8, heads: 4, inner: 12} as const;
/** The teacher itself, without dropout. */
export const copy = {model: 'encoder', layers: 2, start: 'teacher', dropout: 0} as const;
export const bilstm = {model: 'bilstm', embedding: 8, hidden: 6, width: 10, headHidden: 8} as const;

type Params = Omit<z.input<(typeof distilTask)['params']>, 'task' | 'seed'> & {readonly seed?: number};

export const distil = (
  rig: Rig,
  params: Params,
  more: {readonly folder?: string; readonly signal?: AbortSignal} = {},
) =>
  runStage(distilTask, {
    in: {train: rig.train, dev: rig.dev, test: rig.test, teacher: rig.teacher, signals: rig.signals},
    params: {task: 'mnli', epochs: 1, batch: 8, maxTokens: 12, seed: 1, ...params},
    ...more,
  });

export interface Curve {
  readonly task: string;
  readonly arm: string;
  readonly steps: readonly {step: number; loss: number; terms: Record<string, {value: number; weighted: number}>}[];
}

export const curveOf = ({out}: {readonly out: {readonly metrics: string}}): Curve =>
  JSON.parse(readFileSync(out.metrics, 'utf8')) as Curve;
