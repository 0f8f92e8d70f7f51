import {existsSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {createRig} from './rig.ts';
import {startRun, until} from './run-process.ts';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('runs as processes', () => {
  test('J: two runs at once do each stage once, and both end well', async () => {
    const rig = createRig();
    rig.write({'in.txt': 'x'});
    const step = (name: string, from: string): string =>
      `${name}: {run: "echo ${name} >> journal; sleep 0.2; cp ${from} out/${name}", in: [${from}], out: [out/${name}]}`;
    rig.stages([step('a', 'in.txt'), step('b', 'out/a'), step('c', 'in.txt'), step('d', 'out/b')].join('\n'));
    const runs = await Promise.all([startRun(rig.root).ended, startRun(rig.root).ended, startRun(rig.root).ended]);
    expect(runs.map(({code, stderr}) => ({code, stderr}))).toEqual(runs.map(() => ({code: 0, stderr: ''})));
    expect(rig.journal().sort()).toEqual(['a', 'b', 'c', 'd']);
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(runs.map(({outcomes}) => outcomes[name]).sort()).toEqual(['fresh', 'fresh', 'ran']);
    }
    expect((await rig.run()).ran).toEqual([]);
  });

  test('H: runner and stage killed with half an output: only the unfinished one runs again', async () => {
    const rig = createRig();
    rig.write({'in.txt': 'x'});
    rig.stages(`
first: {run: "echo first >> journal; cp in.txt out/first", in: [in.txt], out: [out/first]}
half: {run: "echo $$ > pid; echo half > out/half; test -e ready || sleep 300; echo whole > out/half", in: [out/first], out: [out/half]}`);
    const killed = startRun(rig.root);
    await until(() => existsSync(rig.file('out/half')) && rig.read('out/half') === 'half\n');
    killed.kill('SIGKILL');
    expect((await killed.ended).signal).toBe('SIGKILL');
    expect((await rig.plan()).map(({outcome}) => outcome)).toEqual(['fresh', 'stale']);

    // Its job was not killed: the next run ends it, lest two of them write the same file.
    const orphan = Number(rig.read('pid'));
    expect(isRunning(orphan)).toBe(true);
    rig.write({ready: ''});
    expect((await rig.run()).outcomes).toEqual({first: 'fresh', half: 'ran'});
    await until(() => !isRunning(orphan));
    expect(rig.read('out/half')).toBe('whole\n');
    expect(rig.journal()).toEqual(['first']);
  });

  test('Ctrl-C stops the jobs with all that they started, and exits 130', async () => {
    const rig = createRig();
    rig.stages(`
slow: {run: "sleep 300 & echo $! > pid; echo half > out/slow; wait", out: [out/slow]}
next: {run: "cp out/slow out/next", in: [out/slow], out: [out/next]}`);
    const running = startRun(rig.root);
    await until(() => existsSync(rig.file('pid')) && rig.read('pid') !== '');
    running.kill('SIGINT');
    const {code, outcomes} = await running.ended;
    expect({code, outcomes}).toEqual({code: 130, outcomes: {slow: 'failed', next: 'skipped'}});
    await until(() => !isRunning(Number(rig.read('pid'))));
    expect(existsSync(rig.file('out/slow'))).toBe(false);
    expect((await rig.plan()).map(({outcome}) => outcome)).toEqual(['stale', 'stale']);
  });
});
