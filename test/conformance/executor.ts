import {existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {Executor, Job} from '../../src/contract/executor.ts';
import {defaultResources} from '../../src/contract/resources.ts';
import type {Progress} from '../../src/contract/stage.ts';

/** What every place that runs jobs has to keep; apply it to a new executor in a three-line test. */
export const executorConformance = (name: string, create: () => Executor): void => {
  const never = new AbortController().signal;

  const createJob = (script: string, options: Partial<Job> = {}): Job & {file: (name: string) => string} => {
    const cwd = mkdtempSync(path.join(realpathSync(tmpdir()), 'distill-executor-'));
    onTestFinished(() => rmSync(cwd, {recursive: true, force: true}));
    return {
      id: 'job',
      argv: ['/bin/sh', '-c', script],
      env: {},
      cwd,
      logFile: path.join(cwd, 'logs', 'job.log'),
      resources: defaultResources,
      ...options,
      file: each => path.join(cwd, each),
    };
  };

  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise(resolve => setTimeout(resolve, 10));
  };

  const isRunning = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z');
    } catch {
      return false;
    }
  };

  describe(`executor ${name}`, () => {
    test('runs in the given folder, with the given variables, and tells how long it took', async () => {
      const job = createJob('echo "$GREETING" > here', {env: {GREETING: 'good day'}});
      const outcome = await create().run(job, never);
      expect(outcome).toMatchObject({kind: 'exited', code: 0});
      expect(readFileSync(job.file('here'), 'utf8')).toBe('good day\n');
      expect(outcome.usage.seconds).toBeGreaterThan(0);
    });

    test('stdout and stderr are in the log in the order in which they came', async () => {
      const job = createJob('echo 1; echo 2 >&2; echo 3');
      await create().run(job, never);
      expect(readFileSync(job.logFile, 'utf8')).toBe('1\n2\n3\n');
    });

    test('arguments arrive as they are', async () => {
      const job = createJob('');
      const argv = [
        process.execPath,
        '-e',
        'console.log(JSON.stringify(process.argv.slice(1)))',
        'a b',
        '$HOME',
        '',
        "it's",
      ];
      await create().run({...job, argv}, never);
      expect(readFileSync(job.logFile, 'utf8')).toBe('["a b","$HOME","","it\'s"]\n');
    });

    test('an exit code is an outcome', async () => {
      expect(await create().run(createJob('exit 7'), never)).toMatchObject({kind: 'exited', code: 7});
    });

    test('a signal is an outcome', async () => {
      expect(await create().run(createJob('kill -9 $$'), never)).toMatchObject({kind: 'signalled', signal: 'SIGKILL'});
    });

    test('a program that is not there is lost, not thrown', async () => {
      const outcome = await create().run({...createJob(''), argv: ['/no/such/program']}, never);
      expect(['lost', 'exited']).toContain(outcome.kind);
      if (outcome.kind === 'exited') expect(outcome.code).toBe(127);
    });

    test('abort ends the job and its children before it settles', async () => {
      const stop = new AbortController();
      const job = createJob('sleep 300 & echo $! > pid; wait');
      const running = create().run(job, stop.signal);
      await until(() => existsSync(job.file('pid')) && readFileSync(job.file('pid'), 'utf8') !== '');
      stop.abort();
      expect(await running).toMatchObject({kind: 'aborted'});
      expect(isRunning(Number(readFileSync(job.file('pid'), 'utf8')))).toBe(false);
    });

    test('a job that ignores SIGTERM is ended all the same', async () => {
      const stop = new AbortController();
      const job = createJob(`trap '' TERM; touch started; while true; do sleep 0.1; done`);
      const running = create().run(job, stop.signal);
      await until(() => existsSync(job.file('started')));
      stop.abort();
      expect(await running).toMatchObject({kind: 'aborted'});
    });

    test('what was aborted before it began does not begin', async () => {
      const job = createJob('touch began');
      expect(await create().run(job, AbortSignal.abort())).toMatchObject({kind: 'aborted'});
      expect(existsSync(job.file('began'))).toBe(false);
    });

    test('a job that takes too long is timed out, with its children', async () => {
      const job = createJob('sleep 300 & echo $! > pid; wait', {timeoutMs: 300});
      expect(await create().run(job, never)).toMatchObject({kind: 'timed-out'});
      expect(isRunning(Number(readFileSync(job.file('pid'), 'utf8')))).toBe(false);
    });

    test('children that a finished job leaves behind are ended', async () => {
      const job = createJob('sleep 300 & echo $! > pid');
      expect(await create().run(job, never)).toMatchObject({kind: 'exited', code: 0});
      expect(isRunning(Number(readFileSync(job.file('pid'), 'utf8')))).toBe(false);
    });

    test('progress arrives; what is no progress does not matter', async () => {
      const updates: Progress[] = [];
      const script = `
        echo '{"done":1,"total":2,"unit":"step"}' >&"$DISTILL_PROGRESS_FD"
        echo 'not json' >&"$DISTILL_PROGRESS_FD"
        echo '{"done":2,"total":2,"unit":"step","loss":0.5}' >&"$DISTILL_PROGRESS_FD"
        sleep 0.2`;
      const job = createJob(script, {onProgress: update => void updates.push(update)});
      await create().run(job, never);
      expect(updates).toEqual([
        {done: 1, total: 2, unit: 'step'},
        {done: 2, total: 2, unit: 'step', loss: 0.5},
      ]);
    });

    test('two hundred of one stage all end as they should', async () => {
      const executor = create();
      const one = createJob('exit "$CODE"', {stage: 'many'});
      const outcomes = await Promise.all(
        Array.from({length: 200}, (_, at) => {
          const logFile = one.file(`logs/${at}.log`);
          return executor.run({...one, id: `many@at=${at}`, logFile, env: {CODE: String(at % 3)}}, never);
        }),
      );
      const codes = outcomes.map(outcome => (outcome.kind === 'exited' ? outcome.code : outcome.kind));
      expect(codes).toEqual(Array.from({length: 200}, (_, at) => at % 3));
    });

    test('a job that outlives its runner is found by its key, and by no other; another key ends it', async () => {
      const executor = create();
      if (executor.find === undefined) return;
      const find = executor.find.bind(executor);
      const job = createJob('echo once >> started; while [ ! -e gate ]; do sleep 0.1; done; exit 5', {key: 'k'});
      const folder = job.file('jobs/job');
      const lost = new AbortController();
      // The first runner is never heard of again: nothing waits for it, and nothing aborts it.
      void create().run({...job, folder}, lost.signal);
      await until(() => existsSync(job.file('started')));
      expect(await find({folder, key: 'k'})).toBe(true);
      const second = create().run({...job, folder}, never);
      writeFileSync(job.file('gate'), '');
      expect(await second).toMatchObject({kind: 'exited', code: 5});
      expect(readFileSync(job.file('started'), 'utf8')).toBe('once\n');
      expect(await find({folder, key: 'other'})).toBe(false);
      expect(existsSync(folder)).toBe(false);
    });

    test('a job that is taken away without a word has vanished', async () => {
      const executor = create();
      if (executor.find === undefined) return;
      // The parent is what the executor left beside the job to tell of it.
      const outcome = await executor.run(createJob('kill -9 $PPID; exit 0', {cluster: {patienceSeconds: 1}}), never);
      expect(outcome.kind).toBe('vanished');
    });

    test('many at once do not disturb each other', async () => {
      const executor = create();
      const outcomes = await Promise.all(
        Array.from({length: 8}, (_, code) => executor.run(createJob(`sleep 0.1; exit ${code}`), never)),
      );
      expect(outcomes.map(outcome => (outcome.kind === 'exited' ? outcome.code : null))).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7,
      ]);
    });
  });
};
