import {execFileSync} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {repository} from './harness/places.ts';
import type {Bench} from './harness/row.ts';
import {isSelected, lowerIsBetter} from './harness/row.ts';
import {median} from './harness/timing.ts';

/** Jobs of the smoke experiment, from the shortest to a training. */
const cases = {
  'evaluate, half a second': 'evaluate',
  'baseline, a second': 'baseline@baseline=tfidf-lr,task=topic,labels=200,seed=1',
  'idf, text of 50,000 sentences': 'idf',
  'fine-tuning with onnxruntime': 'plain@task=topic,labels=200,seed=1',
  'distillation with onnxruntime': 'distil@student=1',
};

/**
 * What Node's permission model costs: CPU seconds of a job, told by its own process at its end, with the guard and with
 * `hermetic: false`, in turns. BENCH_SMOKE names a folder in which the smoke experiment has run already.
 */
export default {
  name: 'guard',
  run: async function* (options) {
    const made = process.env['BENCH_SMOKE'];
    const root = made ?? createExperiment();
    const file = path.join(root, 'pipeline.yaml');
    const guarded = readFileSync(file, 'utf8');
    const free = guarded.replaceAll(/^( +)type: .*$/gm, '$&\n$1hermetic: false');
    try {
      for (const [title, id] of Object.entries(cases)) {
        if (!isSelected(title, options)) continue;
        const seconds = {guarded: [] as number[], free: [] as number[]};
        // The first pair fills the caches and counts for nobody.
        for (let turn = -1; turn < (options.quick ? 5 : 15); turn++) {
          for (const which of turn % 2 === 0 ? (['guarded', 'free'] as const) : (['free', 'guarded'] as const)) {
            writeFileSync(file, which === 'free' ? free : guarded);
            const cpu = cpuSecondsOf(root, id);
            if (turn >= 0) seconds[which].push(cpu);
          }
        }
        yield lowerIsBetter({
          ...{bench: 'guard', case: title, unit: 's CPU', ours: median(seconds.guarded)},
          ...{peer: 'hermetic: false', theirs: median(seconds.free), runs: seconds.free.length},
        });
      }
    } finally {
      writeFileSync(file, guarded);
      if (made === undefined) rmSync(root, {recursive: true, force: true});
    }
  },
} satisfies Bench;

const createExperiment = (): string => {
  const root = mkdtempSync(path.join(tmpdir(), 'bench-guard-'));
  for (const name of ['stages', 'src', 'package.json', 'package-lock.json', 'pipeline.yaml'])
    cpSync(path.join(repository, name), path.join(root, name), {recursive: true});
  symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
  pipeline(root);
  return root;
};

const pipeline = (root: string, ...args: string[]): void => {
  const command = path.join(repository, 'bin', 'pipeline.js');
  execFileSync(process.execPath, [command, 'run', '--profile', 'smoke', ...args], {cwd: root, stdio: 'ignore'});
};

/** Runs it once more. */
const cpuSecondsOf = (root: string, id: string): number => {
  pipeline(root, '--force', '--single', id);
  const file = path.join(root, '.pipeline', 'last', 'pipeline-smoke', `${id}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as {cpuSeconds: number}).cpuSeconds;
};
