import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {s3Address, s3Env, s3Server, scratch} from '../remotes/rig.ts';
import {createRig, type Rig} from '../rig.ts';

const stages = `
  train:
    run: |
      mkdir out/model; cat in.txt > out/model/weights; head -c 100000 /dev/zero >> out/model/weights
      printf '#!/bin/sh\\n' > out/model/serve; chmod +x out/model/serve; ln -s weights out/model/link
      wc -c < in.txt > out/score
    in: [in.txt]
    out: {model: out/model, score: out/score}
  report:
    run: cat out/score > out/report.md; echo done >> out/report.md
    in: ["@train.score"]
    out: [out/report.md]
`;

/** A project that has run, whose \`remote:\` is a folder of its own, and that folder. */
const ranProject = async (): Promise<{rig: Rig; remote: string}> => {
  const rig = createRig();
  const remote = path.join(scratch(), 'outputs');
  rig.write({'in.txt': 'text', 'pipeline.yaml': `version: 1\nremote: ${remote}\nstages:${stages}`});
  await rig.outcomes();
  return {rig, remote};
};

/** What git would bring to another machine. */
const checkoutOf = (rig: Rig, env: Readonly<Record<string, string>> = {}): Rig => {
  const other = createRig(env);
  for (const name of ['in.txt', 'pipeline.yaml', 'pipeline.lock'])
    cpSync(path.join(rig.root, name), path.join(other.root, name), {recursive: true});
  return other;
};

const numbers = async (rig: Rig, ...args: string[]): Promise<Record<string, unknown>> => {
  const {code, stdout, stderr} = await rig.run(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
};

const objectsIn = (remote: string): string[] =>
  readdirSync(remote, {recursive: true, encoding: 'utf8'}).filter(name => statSync(path.join(remote, name)).isFile());

test('what one checkout pushes, another pulls: nothing runs there, and every byte is the same', async () => {
  const {rig, remote} = await ranProject();
  // The list of the folder, its two files, the score and the report.
  expect(await numbers(rig, 'push')).toMatchObject({outputs: 3, sentObjects: 5, there: 0, tooLarge: [], absent: []});
  expect(await numbers(rig, 'push')).toMatchObject({outputs: 3, sentObjects: 0, there: 3});
  const other = checkoutOf(rig);
  const hint = `2 stages would run for outputs that are recorded and not here: \`pipeline pull\` fetches what ${remote} has`;
  expect((await other.run('status')).stdout).toContain(hint);
  expect(await numbers(other, 'pull')).toMatchObject({
    outputs: 3,
    fetchedObjects: 5,
    placed: expect.any(Array) as unknown,
    absent: [],
  });
  expect(await other.changed()).toEqual({});
  execFileSync('diff', ['-r', path.join(rig.root, 'out'), path.join(other.root, 'out')]);
  expect(statSync(path.join(other.root, 'out/model/serve')).mode & 0o111).not.toBe(0);
  expect(await numbers(other, 'pull')).toMatchObject({fetchedObjects: 0, there: 3, placed: []});
  expect(objectsIn(remote).every(name => /^objects\/[0-9a-f]{2}\/[0-9a-f]{62}$/.test(name))).toBe(true);
});

test('without its models: what is left out is missed only when a stage that runs reads it', async () => {
  const {rig} = await ranProject();
  expect(await numbers(rig, 'push', '--max-output', '50kB')).toMatchObject({tooLarge: ['out/model'], sentObjects: 2});
  const other = checkoutOf(rig);
  expect(await numbers(other, 'pull')).toMatchObject({absent: ['out/model'], fetchedObjects: 2});
  expect(await other.changed()).toEqual({});
  expect(other.exists('out/model')).toBe(false);
  other.remove('out/score');
  expect(await other.changed()).toEqual({train: 'restored'});
  // report runs from the pulled score; train does not.
  other.write({'pipeline.yaml': other.read('pipeline.yaml').replace('echo done', 'echo ended')});
  expect(await other.changed()).toEqual({report: 'ran'});
  other.write({
    'pipeline.yaml': `${other.read('pipeline.yaml')}  size:\n    run: wc -c < out/model/weights > out/size\n    in: ["@train.model"]\n    out: [out/size]\n`,
  });
  expect(await other.changed()).toEqual({train: 'ran', size: 'ran'});
});

test('only what is named', async () => {
  const {rig} = await ranProject();
  expect(await numbers(rig, 'push', 'report')).toMatchObject({outputs: 1, sentObjects: 1});
  const other = checkoutOf(rig);
  expect(await numbers(other, 'pull', 'report')).toMatchObject({fetchedObjects: 1, placed: ['out/report.md']});
  expect(await numbers(other, 'pull')).toMatchObject({fetchedObjects: 0, there: 1, absent: ['out/model', 'out/score']});
  // train was not pulled, so it runs.
  expect(await other.changed()).toEqual({train: 'ran'});
});

test('what is in its place is never replaced', async () => {
  const {rig} = await ranProject();
  await rig.run('push');
  const other = checkoutOf(rig);
  other.write({'out/score': 'mine'});
  expect(await numbers(other, 'pull')).toMatchObject({placed: ['out/model', 'out/report.md']});
  expect(other.read('out/score')).toBe('mine');
  expect(await other.changed()).toEqual({train: 'restored'});
});

test('an object that was spoilt, there or here, is told and goes no further', async () => {
  const {rig, remote} = await ranProject();
  await rig.run('push');
  const other = checkoutOf(rig);
  const report = JSON.parse(rig.read('pipeline.lock/report.json')) as {written: Record<string, string>};
  const digest = Object.values(report.written)[0]!;
  const object = path.join('objects', digest.slice(0, 2), digest.slice(2));
  writeFileSync(path.join(remote, object), 'other bytes');
  const pulled = await other.run('pull');
  expect([pulled.code, pulled.stdout]).toEqual([1, '']);
  expect(pulled.stderr).toContain(`the object ${digest} has other bytes there`);
  expect(other.exists('out/report.md')).toBe(false);

  const empty = path.join(scratch(), 'outputs');
  execFileSync('chmod', ['u+w', path.join(rig.root, '.pipeline', object)]);
  writeFileSync(path.join(rig.root, '.pipeline', object), 'spoilt here');
  const pushed = await rig.run('push', '--remote', empty);
  expect([pushed.code, pushed.stderr]).toEqual([
    1,
    expect.stringContaining(`the object ${digest} was spoilt on this disk`),
  ]);
  expect(objectsIn(empty).map(name => name.replaceAll('/', '').slice('objects'.length))).not.toContain(digest);
  // The next push takes it from its place.
  expect(await numbers(rig, 'push', '--remote', empty)).toMatchObject({absent: []});
});

test('a push that was killed anywhere leaves nothing half, and the next one ends it', async () => {
  const {rig} = await ranProject();
  await fc.assert(
    fc.asyncProperty(fc.integer({min: 0, max: 120}), async afterMs => {
      const remote = path.join(scratch(), 'outputs');
      const running = rig.start('push', '--remote', remote);
      setTimeout(() => running.child.kill('SIGKILL'), 60 + afterMs);
      await running.result;
      for (const name of existsSync(remote) ? objectsIn(remote) : []) {
        if (name.endsWith('.tmp')) continue;
        const digest = execFileSync('sha256sum', [path.join(remote, name)], {encoding: 'utf8'}).slice(0, 64);
        expect(name.replaceAll('/', '').slice('objects'.length)).toBe(digest);
      }
      expect(await numbers(rig, 'push', '--remote', remote)).toMatchObject({outputs: 3, absent: []});
      const other = checkoutOf(rig);
      expect(await numbers(other, 'pull', '--remote', remote)).toMatchObject({absent: []});
      expect(await other.changed()).toEqual({});
    }),
    {numRuns: 6, seed: 1},
  );
}, 60_000);

test('mistakes are told in words', async () => {
  const rig = createRig();
  rig.pipeline('words:\n  run: echo > out\n  out: [out]');
  const told = async (...args: string[]): Promise<unknown[]> => {
    const {code, stdout, stderr} = await rig.run(...args);
    return [code, stdout, stderr];
  };
  expect(await told('push')).toEqual([
    2,
    '',
    expect.stringContaining('pipeline.yaml names no place for shared outputs'),
  ]);
  expect(await told('pull', '-r', 'none')).toEqual([
    2,
    '',
    expect.stringMatching(/the remote none cannot be used: there is no folder .*none/),
  ]);
  expect(await told('push', '-r', 'a/b/c')).toEqual([2, '', expect.stringMatching(/there is no folder .*a\/b\n/)]);
  expect(await told('push', '-r', 'ftp://host')).toEqual([
    2,
    '',
    expect.stringContaining('expected the remote to be a folder or s3://BUCKET/PATH, got "ftp://host"'),
  ]);
  expect(await told('push', '-r', 'out', 'wrds')).toEqual([2, '', expect.stringContaining('Did you mean "words"?')]);
  expect(await told('push', '-r', 'out')).toEqual([
    0,
    'nothing to push: no lock file names an output; `pipeline run` makes some\n',
    '',
  ]);
  rig.write({'pipeline.yaml': `version: 1\nremote: [a]\n${rig.read('pipeline.yaml').slice('version: 1\n'.length)}`});
  expect(await told('push')).toEqual([2, '', expect.stringMatching(/pipeline\.yaml:2:9.*wrong value for remote/s)]);
});

test('the address may take vars, and is in no key', async () => {
  const {rig} = await ranProject();
  const text = rig.read('pipeline.yaml');
  rig.write({
    'pipeline.yaml': text.replace(
      /remote: .*/,
      'remote: "${folder}/outputs"\nvars: {folder: there}\nprofiles: {other: {folder: elsewhere}}',
    ),
  });
  expect(await rig.changed()).toEqual({});
  rig.write({'there/x': ''});
  expect(await numbers(rig, 'push')).toMatchObject({remote: 'there/outputs', sentObjects: 5});
  expect(readFileSync(path.join(rig.root, 'pipeline.lock/report.json'), 'utf8')).not.toContain('there');
});

test.skipIf(s3Server === undefined)('the same by way of a real S3 server', async () => {
  const {rig} = await ranProject();
  const address = await s3Address();
  const env = {...s3Env, AWS_ENDPOINT_URL: s3Server!};
  const sender = checkoutOf(rig, env);
  expect(await sender.changed()).toEqual({train: 'ran', report: 'ran'});
  expect(await numbers(sender, 'push', '--remote', address)).toMatchObject({sentObjects: 5});
  const receiver = checkoutOf(rig, env);
  expect(await numbers(receiver, 'pull', '--remote', address)).toMatchObject({fetchedObjects: 5, absent: []});
  expect(await receiver.changed()).toEqual({});
});
