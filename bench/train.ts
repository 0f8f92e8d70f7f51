import {mkdtempSync, rmSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import path from 'node:path';
import type {Bench, BenchOptions, Row} from './harness/row.ts';
import {higherIsBetter, isSelected, lowerIsBetter} from './harness/row.ts';
import {encoderSteps, largeEncoder} from './training/encoder.ts';
import {inChild, inTorch, type Measured, onTensorflow} from './training/peers.ts';
import {productShare, type StartTime} from './training/start.ts';
import {type StepCase, type StepTime, timeSteps} from './training/step-time.ts';
import {studentSteps} from './training/student.ts';

/** The same step elsewhere, by name. */
const peers: Readonly<Record<string, (step: StepCase, runs: number) => Promise<Measured<StepTime>>>> = {
  'pytorch fused adam': ({settings, threads}, runs) => inTorch({...settings, threads, runs}),
  'pytorch compiled': ({settings, threads}, runs) => inTorch({...settings, threads, runs, compiled: 1}),
  'tfjs-node': onTensorflow,
};

/** What torch.compile takes to compile is minutes in all: a quick run compares with it where there is one thread. */
const isLeftOut = (peer: string, {threads}: StepCase, {quick}: BenchOptions): boolean =>
  quick && threads > 1 && peer === 'pytorch compiled';

async function* steps(options: BenchOptions): AsyncGenerator<Row> {
  for (const step of [...studentSteps, ...encoderSteps].filter(item => isSelected(item.name, options))) {
    const {name, threads} = step;
    // Encoders are few enough operations that fewer runs do.
    const runs = options.quick ? 5 : name.startsWith('encoder') ? 10 : 30;
    const mine = await timeSteps(step, 'jit', runs);
    for (const [peer, measure] of Object.entries(peers)) {
      if (isLeftOut(peer, step, options)) continue;
      const found = await measure(step, runs);
      const known = 'ms' in found;
      const common = {bench: 'train', case: name, threads, peer, runs, ...(known ? {} : found)};
      yield lowerIsBetter({...common, unit: 'ms', ours: mine.ms, theirs: known ? found.ms : null});
      const rate = ({cpuMs}: StepTime): number => (1000 * step.texts) / cpuMs;
      yield higherIsBetter({...common, unit: 'texts/CPU s', ours: rate(mine), theirs: known ? rate(found) : null});
    }
  }
}

/** With a folder that is there for the time of `measure` only. */
const withFolder = async <T>(measure: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-graphs-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
};

/** Of the process with the median first step. */
const startOf = async (step: StepCase, runs: number, graphs: string): Promise<StartTime> => {
  const all: StartTime[] = [];
  for (let run = 0; run < runs; run++)
    all.push(await inChild<StartTime>({name: step.name, threads: step.threads, start: true}, graphs));
  return all.sort((a, b) => a.firstMs - b.firstMs)[runs >> 1]!;
};

/** The first step of a process, beside what a step takes anyway: from nothing, and from what an earlier process compiled. */
async function* starts(options: BenchOptions): AsyncGenerator<Row> {
  const [small, large] = [studentSteps[0]!, largeEncoder.steps[0]!];
  const runs = options.quick ? 3 : 5;
  for (const step of [small, large]) {
    const name = `start, ${step.name}`;
    if (!isSelected(name, options)) continue;
    const cold = await startOf(step, runs, '');
    const warm = await withFolder(async folder => {
      await startOf(step, 1, folder);
      return startOf(step, runs, folder);
    });
    const found = await inTorch<{firstMs: number; ms: number; megabytes: number}>({
      ...step.settings,
      threads: 1,
      runs: 3,
    });
    const known = 'firstMs' in found;
    const common = {bench: 'train', threads: 1, runs, ...(known ? {} : found)};
    const peer = 'pytorch fused adam';
    const beside = (time: StartTime): number => time.firstMs - time.stepMs;
    const theirs = known ? found.firstMs - found.ms : null;
    yield lowerIsBetter({...common, case: name, unit: 'ms beside a step', peer, ours: beside(cold), theirs});
    yield lowerIsBetter({...common, case: `${name}, compiled before`, unit: 'ms beside a step', peer: 'ours from nothing', ours: beside(warm), theirs: beside(cold)}); // prettier-ignore
    yield lowerIsBetter({...common, case: `memory, ${step.name}`, unit: 'MB', peer, ours: cold.megabytes, theirs: known ? found.megabytes : null}); // prettier-ignore
  }
}

/** How much of what this machine multiplies at best a whole forward and backward pass reaches. */
async function* shares(options: BenchOptions): AsyncGenerator<Row> {
  const runs = options.quick ? 5 : 10;
  for (const step of largeEncoder.steps) {
    const name = `forward and backward against a product of 1024³, ${step.name}`;
    if (!isSelected(name, options)) continue;
    const {step: ours, peak} = await productShare(step, largeEncoder.operations, runs);
    yield higherIsBetter({bench: 'train', case: name, threads: step.threads, unit: 'GFLOP/s', peer: 'the product alone', ours, theirs: peak, runs}); // prettier-ignore
  }
}

const seeds = 20;

interface SeedTime {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** All at the same time; the clock of the slowest, and the CPU time of all. */
const together = (times: readonly SeedTime[]): SeedTime => ({
  seconds: Math.max(...times.map(({seconds}) => seconds)),
  cpuSeconds: times.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, 0),
});

/** As many processes of one thread as there are cores, each with its share of the seeds; from the first trainer to the last step. */
async function* manySeeds(options: BenchOptions): AsyncGenerator<Row> {
  const [step] = studentSteps as [StepCase];
  const name = `${seeds} seeds of the student, whole machine`;
  if (!isSelected(name, options)) return;
  const length = options.quick ? 10 : 100;
  const cores = availableParallelism();
  const portions = Array.from({length: cores}, (_, core) => Math.floor((seeds + core) / cores)).filter(
    share => share > 0,
  );
  const mine = together(
    await withFolder(graphs =>
      Promise.all(
        portions.map(share => inChild<SeedTime>({name: step.name, threads: 1, seeds: share, steps: length}, graphs)),
      ),
    ),
  );
  const found = await Promise.all(
    portions.map(share => inTorch<SeedTime>({...step.settings, threads: 1, seeds: share, steps: length})),
  );
  const failed = found.find(item => 'reason' in item);
  const theirs = failed ? null : together(found as SeedTime[]);
  const common = {bench: 'train', case: name, threads: cores, peer: 'pytorch fused adam', runs: 1, ...failed};
  yield lowerIsBetter({...common, unit: 's', ours: mine.seconds, theirs: theirs?.seconds ?? null});
  yield lowerIsBetter({...common, unit: 'CPU s', ours: mine.cpuSeconds, theirs: theirs?.cpuSeconds ?? null});
}

/**
 * Training steps: time of one, and texts per second of CPU time, which other load on the machine changes less; the first step of a
 * process and its memory; the share of the machine's own products; and many seeds at once.
 */
export default {
  name: 'train',
  run: async function* (options) {
    yield* steps(options);
    yield* starts(options);
    yield* shares(options);
    yield* manySeeds(options);
  },
} satisfies Bench;
