import {once} from 'node:events';
import {truncateSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 5000; tries++) {
    if (isTrue()) return;
    await wait(20);
  }
  throw new Error('what the test waits for did not happen within 100 s');
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const startedRig = async (run: string) => {
  const rig: Rig = createRig();
  rig.pipeline(`
    slow: {run: '${run}', out: [slow.txt]}
    after: {run: cp slow.txt after.txt, in: ["@slow"], out: [after.txt]}
  `);
  const running = rig.start('run', '--json');
  await until(() => rig.exists('pid') && rig.read('pid').trim() !== '');
  return {rig, ...running, pid: Number(rig.read('pid'))};
};

test.each(['SIGINT', 'SIGTERM'] as const)('%s: children end, exit code 130, nothing half is left', async signal => {
  const {rig, child, result, pid} = await startedRig(
    'echo half > slow.txt; echo $$ > pid; sleep 300; echo whole > slow.txt',
  );
  child.kill(signal);
  const {code, stderr, rows} = await result;
  expect(code).toBe(130);
  expect(stderr).toContain('interrupted');
  expect(rows.map(({stage, outcome}) => [stage, outcome])).toEqual([
    ['slow', 'failed'],
    ['after', 'skipped'],
  ]);
  expect(isAlive(pid)).toBe(false);
  expect(rig.exists('slow.txt')).toBe(false);
});

test('the second SIGINT does not wait for a stage that will not end', async () => {
  const {child, result, pid} = await startedRig(
    'trap "" TERM INT HUP; echo $$ > pid; for i in $(seq 200); do sleep 5; done',
  );
  child.kill('SIGINT');
  await wait(300);
  child.kill('SIGINT');
  expect((await result).code).toBe(130);
  // Left alone the stage would go on for longer than this test may take.
  await until(() => !isAlive(pid));
});

test('while a plan reads much it says so, and Ctrl-C ends it at once; the next run is none the worse', async () => {
  const rig = createRig();
  rig.pipeline(`copy: {run: head -c 3 big.bin > few.bin, in: [big.bin], out: [few.bin]}`);
  rig.write({'big.bin': ''});
  // Sparse: no room on the disk, minutes to read.
  truncateSync(`${rig.root}/big.bin`, 2e11);
  const {child, result} = rig.start('run', '--json');
  await once(child.stderr!, 'data');
  child.kill('SIGINT');
  const {code, stdout, stderr} = await result;
  expect(child.signalCode).toBe('SIGINT');
  expect([code, stdout]).toEqual([null, '']);
  expect(stderr).toMatch(/^reading inputs to see whether they changed: 200\.0 GB with \S*big\.bin\n$/);
  rig.write({'big.bin': 'abcdef'});
  expect(await rig.outcomes()).toEqual({copy: 'ran'});
  expect(rig.read('few.bin')).toBe('abc');
});
