import {spawn} from 'node:child_process';
import {mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {buildSync} from 'esbuild';
import {afterAll} from 'vitest';
import {defaultTool} from '../../src/runner/code/tool.ts';

/** `node runner.mjs ROOT [crash-at]`: one run in a process of its own, for tests that kill it or start two. */
const program = `
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
const [root, crashAt = '0'] = process.argv.slice(2);
let calls = 0;
// Every call that changes something on disk is a place to die; a write dies in the middle.
for (const name of ['writeFileSync', 'renameSync', 'copyFileSync', 'linkSync', 'unlinkSync', 'mkdirSync', 'rmSync', 'chmodSync', 'appendFileSync']) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (++calls === Number(crashAt)) {
      if (name === 'writeFileSync') original(args[0], args[1].slice(0, args[1].length / 2));
      process.kill(process.pid, 'SIGKILL');
    }
    return original(...args);
  };
}
syncBuiltinESMExports();
const {openProject} = await import('./project.ts');
const {run} = await import('./run.ts');
const {default: localExecutor} = await import('../executors/local.ts');
const tool = {root: '/nowhere', worker: '', stage: ''};
const opened = await openProject({cwd: root, tool});
if (!opened.ok) throw new Error(JSON.stringify(opened.errors));
const stopping = new AbortController();
process.on('SIGINT', () => stopping.abort());
const outcomes = {};
const result = await run(opened.project, {
  executor: localExecutor(),
  jobs: 2,
  signal: stopping.signal,
  report(event) {
    if (event.kind === 'stage-settled') outcomes[event.id] = event.outcome;
  },
});
console.log(JSON.stringify({outcomes, calls}));
process.exitCode = result.interrupted ? 130 : result.failed ? 1 : 0;
`;

let built: string | undefined;
afterAll(() => {
  if (built !== undefined) rmSync(path.dirname(built), {recursive: true, force: true});
  built = undefined;
});

const buildProgram = (): string => {
  if (built !== undefined) return built;
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'distill-run-'));
  const source = path.join(defaultTool().root, 'src', 'runner');
  const {outputFiles} = buildSync({
    stdin: {contents: program, resolveDir: source, loader: 'js'},
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Shell stages need neither; everything else must be inside, because nothing resolves from a scratch folder.
    external: ['esbuild'],
    banner: {js: `import {createRequire as $cr} from 'node:module';const require=$cr(import.meta.url);`},
  });
  built = path.join(folder, 'runner.mjs');
  writeFileSync(built, outputFiles[0]!.contents);
  return built;
};

export interface RunProcess {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<{
    code: number | null;
    signal: string | null;
    outcomes: Record<string, string>;
    calls: number;
    stderr: string;
  }>;
}

export const startRun = (root: string, crashAt = 0): RunProcess => {
  const child = spawn(process.execPath, [buildProgram(), root, String(crashAt)], {stdio: ['ignore', 'pipe', 'pipe']});
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => (stdout += String(chunk)));
  child.stderr.on('data', chunk => (stderr += String(chunk)));
  const ended = new Promise<Awaited<RunProcess['ended']>>(resolve =>
    child.on('close', (code, signal) => {
      const result =
        stdout === ''
          ? {outcomes: {}, calls: 0}
          : (JSON.parse(stdout) as {outcomes: Record<string, string>; calls: number});
      resolve({code, signal, stderr, ...result});
    }),
  );
  return {pid: child.pid!, kill: signal => void child.kill(signal), ended};
};

export const until = async (isTrue: () => boolean, timeoutMs = 100_000): Promise<void> => {
  const deadline = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
};
