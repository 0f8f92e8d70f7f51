import {expect, test} from 'vitest';
import {createRig} from '../rig.ts';

/** Fails until it has been started `succeedsAt` times. */
const flaky = (succeedsAt: number): string => `
  a:
    run: echo x >> count; echo "attempt $(wc -l < count)"; test $(wc -l < count) -ge ${succeedsAt} && echo done > out
    out: [out]
    retries: 3
`;

test('logs: each attempt of the last run, in order; a later run forgets those of an earlier one', async () => {
  const rig = createRig();
  rig.pipeline(flaky(3));
  expect(await rig.outcomes()).toEqual({a: 'ran'});
  const logs = await rig.run('logs', 'a');
  expect(logs.stdout).toMatch(/^attempt +1\nattempt +2\nattempt +3\n$/);
  expect(logs.stderr).toMatch(/==> a, attempt 1 of 3 [^]*==> a, attempt 2 of 3 [^]*==> a, attempt 3 of 3 /);
  const lines = (await rig.run('logs', 'a', '--json')).stdout.trim().split('\n');
  expect(lines.map(line => JSON.parse(line) as unknown)).toMatchObject([
    {id: 'a', attempt: 1, attempts: 3, file: '.pipeline/logs/a.log'},
    {attempt: 2, file: '.pipeline/logs/a~2.log'},
    {attempt: 3},
  ]);
  await rig.outcomes('--force');
  expect((await rig.run('logs', 'a')).stdout).toMatch(/^attempt +4\n$/);
});

test('a stage that fails each time: the tail shown is of the last attempt', async () => {
  const rig = createRig();
  rig.pipeline(flaky(9));
  const {code, stderr} = await rig.run('run');
  expect(code).toBe(1);
  expect(stderr).toMatch(/trying again, 1 of 3[^]*trying again, 3 of 3/);
  expect(stderr).toMatch(/a~4\.log:\n +attempt +4\n/);
});
