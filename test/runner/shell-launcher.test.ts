import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {Job, JobOutcome} from '../../src/contract/executor.ts';
import {defaultResources} from '../../src/contract/resources.ts';
import localExecutor from '../../src/executors/local.ts';
import {isSimpleCommand} from '../../src/executors/local/simple-command.ts';

const folder = (): string => {
  const cwd = mkdtempSync(join(tmpdir(), 'local-'));
  onTestFinished(() => rmSync(cwd, {recursive: true, force: true, maxRetries: 5, retryDelay: 100}));
  return cwd;
};

const shell = (cwd: string, text: string): Job => ({
  id: 'a',
  argv: ['/bin/sh', '-c', text],
  env: {},
  cwd,
  logFile: join(cwd, 'log'),
  resources: defaultResources,
});

/** `Z`: it has ended, and nobody has asked how. */
const stateOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .charAt(0);
  } catch {
    return 'gone';
  }
};

describe.skipIf(process.platform !== 'linux')('a shell that starts one job after the other', () => {
  const never = new AbortController().signal;

  test("tells each job's own CPU time, also of what it has started and of a job that is over at once", async () => {
    const executor = localExecutor();
    const cwd = folder();
    const count = (to: number): string => `(i=0; while [ $i -lt ${to} ]; do i=$((i+1)); done)`;
    const long = await executor.run(shell(cwd, count(200_000)), never);
    const short = await executor.run(shell(cwd, 'true'), never);
    expect(long.usage.cpuSeconds).toBeGreaterThan(0.03);
    expect(short.usage.cpuSeconds).toBeLessThan(long.usage.cpuSeconds!);
  });

  test('counts the memory of a job with many threads once', async () => {
    // It ends when it has been looked at some times, by however slow a machine.
    const text = `${process.execPath} -e 'setTimeout(() => {}, 2500)'`;
    const {usage} = await localExecutor().run(shell(folder(), text), never);
    // Node takes 40 to 60 MB and has ten threads.
    expect(usage.peakMemoryMb).toBeGreaterThan(20);
    expect(usage.peakMemoryMb).toBeLessThan(200);
  });

  test('is not ended by what a job sends to its group, and ends what a job leaves running', async () => {
    const executor = localExecutor();
    const cwd = folder();
    const left = await executor.run(shell(cwd, 'echo $PPID > shell; sleep 300 & echo $! > left'), never);
    expect(left).toMatchObject({kind: 'exited', code: 0});
    expect(['gone', 'Z']).toContain(stateOf(readFileSync(join(cwd, 'left'), 'utf8').trim()));
    expect(await executor.run(shell(cwd, 'kill 0; sleep 300'), never)).toMatchObject({signal: 'SIGTERM'});
    await executor.run(shell(cwd, 'echo $PPID > again'), never);
    expect(readFileSync(join(cwd, 'again'), 'utf8')).toBe(readFileSync(join(cwd, 'shell'), 'utf8'));
  });

  test('a job that kills its whole group was killed; the next one has another shell', async () => {
    const executor = localExecutor();
    const cwd = folder();
    expect(await executor.run(shell(cwd, 'kill -9 0; sleep 300'), never)).toMatchObject({signal: 'SIGKILL'});
    expect(await executor.run(shell(cwd, 'echo fine'), never)).toMatchObject({kind: 'exited', code: 0});
    expect(readFileSync(join(cwd, 'log'), 'utf8')).toBe('fine\n');
  });
});

describe('a command that needs no shell of its own', () => {
  test.each([
    'cat a > b',
    'python3 train.py --rate 0.1 --name=x 2> log',
    "sort 'a b' 'c' >> d 2>&1",
    './tool/run < in\n',
    '/usr/bin/env A=1 printenv',
  ])('%j', text => {
    expect(isSimpleCommand(text)).toBe(true);
  });

  test.each([
    'echo a', // its own, and /bin/echo is another program
    'exit 3',
    '. ./file',
    'A=1 printenv A',
    'cat $f',
    'cat a; cat b',
    'cat a && cat b',
    'cat a | sort',
    'cat a &',
    'cat a\ncat b',
    'cat *.txt',
    'cat ~/a',
    'cat a # b',
    'cat "a"',
    'cat `ls`',
    'cat {a,b}',
    'cat a\\ b',
    'if true',
    '! false',
    '-x',
    '',
  ])('but not %j', text => {
    expect(isSimpleCommand(text)).toBe(false);
  });

  test.skipIf(process.platform !== 'linux')('ends and writes as it would below /bin/sh -c', async () => {
    const executor = localExecutor();
    const cwd = folder();
    const never = new AbortController().signal;
    writeFileSync(join(cwd, "it's"), 'text');
    for (const text of [
      "cat < 'missing'",
      'no-such-program --at all',
      "cat 'missing'",
      "grep -c t 'it'\\''s' > count",
      'cp log copied',
      "node -e 'process.kill(process.pid)'",
    ]) {
      const simple = await executor.run(shell(cwd, text), never);
      const nested = await executor.run(shell(cwd, `{ ${text}; }`), never);
      expect([text, endOf(simple)]).toEqual([text, endOf(nested)]);
    }
    // No trace of how it was started.
    await executor.run(shell(cwd, 'printenv OLDPWD'), never);
    expect(readFileSync(join(cwd, 'log'), 'utf8')).toBe('');
  });

  const endOf = ({usage: _, ...end}: JobOutcome): Omit<JobOutcome, 'usage'> => end;
});
