import {availableParallelism} from 'node:os';
import type {Bench, BenchOptions, Row} from './harness/row.ts';
import {higherIsBetter, isSelected, lowerIsBetter} from './harness/row.ts';
import {encoderSteps} from './training/encoder.ts';
import {inChild, inTorch, type Measured, onTensorflow} from './training/peers.ts';
import {type StepCase, type StepTime, timeSteps} from './training/step-time.ts';
import {studentSteps} from './training/student.ts';

/** The same step elsewhere, by name. */
const peers: Readonly<Record<string, (step: StepCase, runs: number) => Promise<Measured<StepTime>>>> = {
  'pytorch fused adam': ({settings, threads}, runs) => inTorch({...settings, threads, runs}),
  'pytorch compiled': ({settings, threads}, runs) => inTorch({...settings, threads, runs, compiled: 1}),
  'tfjs-node': onTensorflow,
};

async function* steps(options: BenchOptions): AsyncGenerator<Row> {
  for (const step of [...studentSteps, ...encoderSteps].filter(item => isSelected(item.name, options))) {
    const {name, threads} = step;
    // Encoders are few enough operations that fewer runs do.
    const runs = options.quick ? 5 : name.startsWith('encoder') ? 10 : 30;
    const mine = await timeSteps(step, 'jit', runs);
    for (const [peer, measure] of Object.entries(peers)) {
      const found = await measure(step, runs);
      const known = 'ms' in found;
      const common = {bench: 'train', case: name, threads, peer, runs, ...(known ? {} : found)};
      yield lowerIsBetter({...common, unit: 'ms', ours: mine.ms, theirs: known ? found.ms : null});
      const rate = ({cpuMs}: StepTime): number => (1000 * step.texts) / cpuMs;
      yield higherIsBetter({...common, unit: 'texts/CPU s', ours: rate(mine), theirs: known ? rate(found) : null});
    }
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
  const shares = Array.from({length: cores}, (_, core) => Math.floor((seeds + core) / cores)).filter(
    share => share > 0,
  );
  const mine = together(
    await Promise.all(
      shares.map(share => inChild<SeedTime>({name: step.name, threads: 1, seeds: share, steps: length})),
    ),
  );
  const found = await Promise.all(
    shares.map(share => inTorch<SeedTime>({...step.settings, threads: 1, seeds: share, steps: length})),
  );
  const failed = found.find(item => 'reason' in item);
  const theirs = failed ? null : together(found as SeedTime[]);
  const common = {bench: 'train', case: name, threads: cores, peer: 'pytorch fused adam', runs: 1, ...failed};
  yield lowerIsBetter({...common, unit: 's', ours: mine.seconds, theirs: theirs?.seconds ?? null});
  yield lowerIsBetter({...common, unit: 'CPU s', ours: mine.cpuSeconds, theirs: theirs?.cpuSeconds ?? null});
}

/**
 * Training steps: time of one, and texts per second of CPU time, which other load on the machine changes less; and many
 * seeds at once.
 */
export default {
  name: 'train',
  run: async function* (options) {
    yield* steps(options);
    yield* manySeeds(options);
  },
} satisfies Bench;
