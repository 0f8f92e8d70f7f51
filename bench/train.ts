import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import type * as tf from '@tensorflow/tfjs-core';
import {openEngine} from '../src/engine/engine.ts';
import {createTrainer} from '../src/engine/trainer.ts';
import type {Batch, Trainer} from '../src/engine/types.ts';
import {cosineDistance, weightedMean} from '../src/math/losses.ts';
import {createRandom} from '../src/math/random.ts';
import {bilstmSentence, initBilstm} from '../src/models/bilstm.ts';
import {sentenceBatch} from '../src/models/sentence-batch.ts';
import {repository} from './harness/places.ts';
import type {Bench} from './harness/row.ts';
import {higherIsBetter, isSelected, lowerIsBetter} from './harness/row.ts';
import {median} from './harness/timing.ts';

interface Student {
  readonly batch: number;
  readonly tokens: number;
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly width: number;
}

const larger = {tokens: 32, vocabulary: 21_128, embedding: 128, hidden: 192, width: 384};
const cases: readonly {readonly name: string; readonly threads: number; readonly student: Student}[] = [
  {name: 'default student b128 t16', threads: 1, student: {batch: 128, tokens: 16, vocabulary: 20_000, embedding: 100, hidden: 100, width: 512}},
  {name: 'student b32 t32', threads: 1, student: {...larger, batch: 32}},
  {name: 'student b32 t32', threads: 2, student: {...larger, batch: 32}},
  {name: 'student b128 t32', threads: 1, student: {...larger, batch: 128}},
  {name: 'student b128 t32', threads: 2, student: {...larger, batch: 128}},
]; // prettier-ignore

/** Median wall time and mean CPU time (all threads) of one step, in milliseconds. */
interface StepTime {
  readonly ms: number;
  readonly cpuMs: number;
}

const batchOf = ({batch, tokens, vocabulary, width}: Student): Batch => {
  const random = createRandom('bench');
  const sentences = Array.from({length: batch}, () => ({
    ids: Int32Array.from({length: tokens}, () => 1 + random.integer(vocabulary - 1)),
    weights: new Float32Array(tokens).fill(1 / tokens),
  }));
  const teacher = Float32Array.from({length: batch * width}, () => random.normal());
  return {
    ...sentenceBatch(sentences, {rows: batch, tokens}),
    teacher: {dtype: 'float32', shape: [batch, width], data: teacher},
  };
};

const timeSteps = async (trainer: Trainer, batch: Batch, runs: number): Promise<StepTime> => {
  const settings = {learningRate: 1e-3, progress: 0};
  for (let warm = 0; warm < 3; warm++) await trainer.step(batch, settings);
  const wall: number[] = [];
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await trainer.step(batch, settings);
    wall.push(performance.now() - start);
  }
  const {user, system} = process.cpuUsage(before);
  return {ms: median(wall), cpuMs: (user + system) / 1e3 / runs};
};

const ours = async (student: Student, threads: number, runs: number): Promise<StepTime> => {
  const trainer = createTrainer({
    engine: await openEngine({backend: 'jit', threads}),
    parameters: initBilstm(student, createRandom(1)),
    lazyRows: ['embedding'],
    optimizer: {clipNorm: 1},
    loss: (p, b, ctx) => {
      const vectors = bilstmSentence(p, b, ctx, {pooling: 'idf'});
      return weightedMean(cosineDistance(vectors, b['teacher'] as tf.Tensor2D), b['rowWeights'] as tf.Tensor1D);
    },
  });
  const time = await timeSteps(trainer, batchOf(student), runs);
  await trainer.close();
  return time;
};

/** The same step in PyTorch: its own LSTM and fused Adam, which updates the whole embedding table. */
const torchs = async (student: Student, threads: number, runs: number): Promise<StepTime | {reason: string}> => {
  const python = process.env['BENCH_PYTHON'] ?? path.join(repository, 'bench/.venv/bin/python');
  const missing = {reason: 'torch is not installed: bash bench/setup.sh train'};
  if (!existsSync(python)) return missing;
  const script = path.join(repository, 'bench/peers/train_torch.py');
  try {
    const {stdout} = await promisify(execFile)(python, [script, JSON.stringify({...student, threads, runs})]);
    return JSON.parse(stdout) as StepTime;
  } catch (error) {
    const {stderr = String(error)} = error as {stderr?: string};
    if (stderr.includes('No module named')) return missing;
    return {reason: stderr.trim().split('\n').at(-1) ?? 'the peer failed'};
  }
};

/** Training steps: time of one, and texts per second of CPU time of the default student. */
export default {
  name: 'train',
  run: async function* (options) {
    const runs = options.quick ? 5 : 30;
    for (const {name, threads, student} of cases.filter(item => isSelected(item.name, options))) {
      const mine = await ours(student, threads, runs);
      const peer = await torchs(student, threads, runs);
      const known = 'ms' in peer;
      const common = {bench: 'train', case: name, threads, peer: 'pytorch fused adam', runs, ...(known ? {} : peer)};
      yield lowerIsBetter({...common, unit: 'ms', ours: mine.ms, theirs: known ? peer.ms : null});
      if (!name.startsWith('default')) continue;
      const rate = ({cpuMs}: StepTime): number => (1000 * student.batch) / cpuMs;
      yield higherIsBetter({...common, unit: 'texts/CPU s', ours: rate(mine), theirs: known ? rate(peer) : null});
    }
  },
} satisfies Bench;
