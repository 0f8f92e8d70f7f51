import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {repository} from './harness/places.ts';
import type {Bench} from './harness/row.ts';
import {higherIsBetter, isSelected, lowerIsBetter} from './harness/row.ts';
import {encoderSteps} from './training/encoder.ts';
import type {StepCase, StepTime} from './training/step-time.ts';
import {studentSteps} from './training/student.ts';

/** The same step in PyTorch: its own modules and fused Adam, which updates the whole embedding table. */
const torchs = async ({settings, threads}: StepCase, runs: number): Promise<StepTime | {reason: string}> => {
  const python = process.env['BENCH_PYTHON'] ?? path.join(repository, 'bench/.venv/bin/python');
  const missing = {reason: 'torch is not installed: bash bench/setup.sh train'};
  if (!existsSync(python)) return missing;
  const script = path.join(repository, 'bench/peers/train_torch.py');
  try {
    const {stdout} = await promisify(execFile)(python, [script, JSON.stringify({...settings, threads, runs})]);
    return JSON.parse(stdout) as StepTime;
  } catch (error) {
    const {stderr = String(error)} = error as {stderr?: string};
    if (stderr.includes('No module named')) return missing;
    return {reason: stderr.trim().split('\n').at(-1) ?? 'the peer failed'};
  }
};

/**
 * Training steps: time of one, and texts per second of CPU time, which other load on the machine changes less. Encoders are
 * few enough operations that fewer runs do.
 */
export default {
  name: 'train',
  run: async function* (options) {
    for (const step of [...studentSteps, ...encoderSteps].filter(item => isSelected(item.name, options))) {
      const runs = options.quick ? 5 : step.name.startsWith('encoder') ? 10 : 30;
      const mine = await step.ours(runs);
      const peer = await torchs(step, runs);
      const known = 'ms' in peer;
      const {name, threads} = step;
      const common = {bench: 'train', case: name, threads, peer: 'pytorch fused adam', runs, ...(known ? {} : peer)};
      yield lowerIsBetter({...common, unit: 'ms', ours: mine.ms, theirs: known ? peer.ms : null});
      const rate = ({cpuMs}: StepTime): number => (1000 * step.texts) / cpuMs;
      yield higherIsBetter({...common, unit: 'texts/CPU s', ours: rate(mine), theirs: known ? rate(peer) : null});
    }
  },
} satisfies Bench;
