import {spawn, type ChildProcess} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {onTestFinished} from 'vitest';

const command = join(import.meta.dirname, '..', 'bin', 'pipeline.js');

/** One line of `run --json` or `status --json`. */
export interface Row {
  readonly stage: string;
  readonly axis: Readonly<Record<string, string>>;
  readonly outcome: string;
  readonly reasons: readonly {
    readonly kind: string;
    readonly key?: string;
    readonly was?: unknown;
    readonly now?: unknown;
  }[];
  readonly seconds: number;
}

export interface Result {
  /** null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON lines of stdout; throws where a line is not JSON. */
  readonly rows: readonly Row[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly result: Promise<Result>;
}

/** A scratch folder with a pipeline in it, and the real command to drive it. */
export interface Rig {
  readonly root: string;
  /** Writes files by their path in the folder. */
  write(files: Readonly<Record<string, string>>): void;
  /** Writes `pipeline.yaml` with these stages; `version: 1` and `stages:` are put before them. */
  pipeline(stages: string): void;
  read(path: string): string;
  exists(path: string): boolean;
  remove(path: string): void;
  /** Runs `pipeline …args` to its end. */
  run(...args: string[]): Promise<Result>;
  /** Starts it and lets it run. */
  start(...args: string[]): Running;
  /** `pipeline run --json`: which stages settled how, as `{words: 'ran', 'train@seed=1': 'fresh'}`; fails unless the exit code is 0. */
  outcomes(...args: string[]): Promise<Record<string, string>>;
  /** The stages that `pipeline run` did not find fresh, with how it settled them. */
  changed(...args: string[]): Promise<Record<string, string>>;
}

/** Instance id of a row: `train@seed=1`. */
export const idOf = ({stage, axis}: Pick<Row, 'stage' | 'axis'>): string => {
  const values = Object.entries(axis).map(([name, value]) => `${name}=${value}`);
  return values.length === 0 ? stage : `${stage}@${values.join(',')}`;
};

export const createRig = (env: Readonly<Record<string, string>> = {}): Rig => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pipeline-')));
  onTestFinished(() => rmSync(root, {recursive: true, force: true, maxRetries: 5, retryDelay: 100}));
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), {recursive: true});
      writeFileSync(join(root, path), text);
    }
  };
  const start = (...args: string[]): Running => {
    const child = spawn(process.execPath, [command, ...args], {
      cwd: root,
      env: {...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const result = new Promise<Result>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => {
        resolve({
          code,
          stdout,
          stderr,
          get rows() {
            return stdout
              .split('\n')
              .filter(line => line !== '')
              .map(line => JSON.parse(line) as Row);
          },
        });
      });
    });
    return {child, result};
  };
  const outcomes = async (...args: string[]): Promise<Record<string, string>> => {
    const result = await start('run', '--json', ...args).result;
    if (result.code !== 0)
      throw new Error(`pipeline run exited with ${result.code}\n${result.stdout}\n${result.stderr}`);
    return Object.fromEntries(result.rows.map(row => [idOf(row), row.outcome]));
  };
  return {
    root,
    write,
    pipeline: stages => write({'pipeline.yaml': `version: 1\nstages:\n${indent(stages)}`}),
    read: path => readFileSync(join(root, path), 'utf8'),
    exists: path => existsSync(join(root, path)),
    remove: path => rmSync(join(root, path), {recursive: true}),
    run: (...args) => start(...args).result,
    start,
    outcomes,
    changed: async (...args) =>
      Object.fromEntries(Object.entries(await outcomes(...args)).filter(([, outcome]) => outcome !== 'fresh')),
  };
};

/** Two spaces before each line, after taking away what all lines have in common: YAML can stand in a test as it reads best. */
const indent = (text: string): string => {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n');
  const common = Math.min(...lines.filter(line => line.trim() !== '').map(line => /^ */.exec(line)?.[0].length ?? 0));
  return `${lines.map(line => `  ${line.slice(common)}`).join('\n')}\n`;
};
