import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {cpSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import localExecutor from '../../src/executors/local.ts';
import {SelectionError} from '../../src/runner/select.ts';
import {why} from '../../src/runner/why.ts';
import {createRig, type Rig} from './rig.ts';

const chain = `
a: {run: "echo a >> journal; cp in.txt out/a", in: [in.txt], out: [out/a]}
b: {run: "echo b >> journal; sed s/$/b/ out/a > out/b", in: [out/a], out: [out/b]}
c: {run: "echo c >> journal; sed s/$/c/ out/b > out/c", in: [out/b], out: [out/c]}`;

const built = async (yaml = chain): Promise<Rig> => {
  const rig = createRig();
  rig.write({'in.txt': 'x\n'});
  rig.stages(yaml);
  await rig.run();
  return rig;
};

describe('selection and force', () => {
  test('a selection brings what it needs, and nothing else', async () => {
    const rig = createRig();
    rig.write({'in.txt': 'x'});
    rig.stages(chain);
    expect((await rig.run({select: ['b']})).outcomes).toEqual({a: 'ran', b: 'ran'});
    expect((await rig.run({select: ['a'], downstream: true})).outcomes).toEqual({a: 'fresh', b: 'fresh', c: 'ran'});
  });

  test('--force is for the selected stages; equal outputs stop it', async () => {
    const rig = await built();
    const {outcomes, settled} = await rig.run({select: ['b'], force: true});
    expect(outcomes).toEqual({a: 'fresh', b: 'ran'});
    expect(settled[1]!.reasons).toEqual([{kind: 'forced'}]);
    expect((await rig.run({force: true})).outcomes).toEqual({a: 'ran', b: 'ran', c: 'ran'});
  });

  test('--single takes upstream as it lies', async () => {
    const rig = await built();
    rig.write({'in.txt': 'y\n'});
    expect((await rig.run({select: ['b'], single: true})).outcomes).toEqual({b: 'fresh'});
  });

  test('instances by axis; unknown names are told with what there is', async () => {
    const rig = await built(
      't: {matrix: {m: [p, q], seed: [1, 2]}, run: "echo ${m} > out/${m}${seed}", out: ["out/${m}${seed}"]}',
    );
    expect(Object.keys((await rig.run({select: ['t@seed=2']})).outcomes)).toEqual(['t@m=p,seed=2', 't@m=q,seed=2']);
    await expect(rig.run({select: ['u']})).rejects.toThrow(new SelectionError('there is no stage "u". Stages: t'));
    await expect(rig.plan({select: ['t@seed=3']})).rejects.toThrow(/no value "3"/);
  });
});

describe('plan', () => {
  test('behind a stage that will run, nobody knows yet', async () => {
    const rig = await built();
    rig.write({'in.txt': 'y\n'});
    const plan = await rig.plan();
    expect(plan.map(({outcome}) => outcome)).toEqual(['stale', 'may-run', 'may-run']);
    expect(plan[0]!.last?.seconds).toBeGreaterThan(0);
    expect(rig.journal()).toHaveLength(3);
  });

  test('a stage that is itself edited will run in any case', async () => {
    const rig = await built();
    rig.write({'in.txt': 'y\n'});
    rig.stages(chain.replace('s/$/c/', 's/$/d/'));
    expect((await rig.plan()).map(({outcome}) => outcome)).toEqual(['stale', 'may-run', 'stale']);
  });

  test('why tells each item, old and new', async () => {
    const rig = await built();
    rig.write({'in.txt': 'y\n'});
    const [answer] = await why(await rig.open(), 'a');
    expect(answer).toMatchObject({id: 'a', outcome: 'stale', reasons: [{kind: 'input-changed', key: 'in.txt'}]});
    expect(answer!.items.filter(({changed}) => changed).map(({group, name}) => [group, name])).toEqual([
      ['input', 'in.txt'],
    ]);
    const [later] = await why(await rig.open(), 'b');
    expect(later!.key).toBeNull();
  });
});

describe('stage settings', () => {
  test('frozen: reported, never run again', async () => {
    const rig = await built(chain.replace('out: [out/b]', 'out: [out/b], frozen: true'));
    rig.write({'in.txt': 'y\n'});
    expect((await rig.run()).outcomes).toEqual({a: 'ran', b: 'fresh', c: 'fresh'});
    const plan = await rig.plan();
    expect(plan[1]).toMatchObject({outcome: 'fresh', frozen: true, reasons: [{kind: 'input-changed', key: 'out/a'}]});
    rig.write({'out/b': null});
    expect((await rig.run()).outcomes).toEqual({a: 'fresh', b: 'restored', c: 'fresh'});
  });

  test('always: runs each time, and stops there when it writes the same', async () => {
    const rig = await built(chain.replace('out: [out/a]', 'out: [out/a], always: true'));
    const {outcomes, settled} = await rig.run();
    expect(outcomes).toEqual({a: 'ran', b: 'fresh', c: 'fresh'});
    expect(settled[0]!.reasons).toEqual([{kind: 'always'}]);
  });

  test('retries', async () => {
    const rig = createRig();
    rig.stages(
      `flaky: {run: "echo try >> journal; test $(wc -l < journal) -ge 3 && echo ok > out/x", out: [out/x], retries: 2}`,
    );
    const {outcomes, events} = await rig.run();
    expect(outcomes).toEqual({flaky: 'ran'});
    expect(events.filter(({kind}) => kind === 'warning')).toHaveLength(2);
  });

  test('a timeout is a failure of its own', async () => {
    const rig = createRig();
    rig.stages(`slow: {run: "echo half > out/x; sleep 300", out: [out/x], timeoutMinutes: 0.005}`);
    expect((await rig.run()).settled[0]!.failure).toMatchObject({kind: 'timed-out', minutes: 0.005});
    expect(existsSync(rig.file('out/x'))).toBe(false);
  });
});

describe('failures', () => {
  test('without --keep-going nothing new starts; with it, what does not depend goes on', async () => {
    const rig = createRig();
    rig.stages(`
bad: {run: "exit 3", out: [out/bad]}
after: {run: "cp out/bad out/after", in: [out/bad], out: [out/after]}
other: {run: "echo x > out/other", out: [out/other]}`);
    expect((await rig.run({jobs: 1})).outcomes).toEqual({bad: 'failed', after: 'skipped', other: 'skipped'});
    expect((await rig.run({jobs: 1, keepGoing: true})).outcomes).toEqual({
      bad: 'failed',
      after: 'skipped',
      other: 'ran',
    });
  });

  test('a missing input is named', async () => {
    const rig = createRig();
    rig.stages(`a: {run: "touch out/a", in: [data/none.txt], out: [out/a]}`);
    expect((await rig.run()).settled[0]!.failure).toEqual({kind: 'input-missing', path: 'data/none.txt'});
  });

  test('an output that is not written is named', async () => {
    const rig = createRig();
    rig.stages(`a: {run: "touch out/a", out: [out/a, out/b]}`);
    expect((await rig.run()).settled[0]!.failure).toMatchObject({kind: 'output-not-written', outputs: ['out/b']});
    expect(existsSync(rig.file('out/a'))).toBe(false);
  });

  test('an input that changes while it is read: nothing is recorded', async () => {
    const rig = createRig();
    rig.write({'in.txt': 'x'});
    rig.stages(`a: {run: "cp in.txt out/a; echo more >> in.txt", in: [in.txt], out: [out/a]}`);
    expect((await rig.run()).settled[0]!.failure).toEqual({kind: 'input-changed-while-running', path: 'in.txt'});
    expect(existsSync(rig.file('out/a'))).toBe(false);
    expect(existsSync(rig.file('pipeline.lock/a.json'))).toBe(false);
  });

  test('what cannot be saved is a failure, and nothing half is left', async () => {
    const rig = createRig();
    // A file where the store wants a folder stands for a disk that takes no more.
    rig.stages(`a: {run: "echo x > out/a; rm -rf .pipeline/objects; touch .pipeline/objects", out: [out/a]}`);
    const {settled} = await rig.run();
    expect(settled[0]!.failure).toMatchObject({kind: 'could-not-save'});
    expect(existsSync(rig.file('out/a'))).toBe(false);
    rmSync(rig.file('.pipeline/objects'));
    expect((await rig.plan())[0]!.outcome).toBe('stale');
  });

  test('abort: the running job fails as interrupted, the rest is skipped', async () => {
    const rig = createRig();
    rig.stages(`
slow: {run: "echo half > out/x; sleep 300", out: [out/x]}
next: {run: "cp out/x out/y", in: [out/x], out: [out/y]}`);
    const stop = new AbortController();
    const result = await rig.run({
      signal: stop.signal,
      report: event => event.kind === 'stage-started' && setTimeout(() => stop.abort(), 200),
    });
    expect(result.interrupted).toBe(true);
    expect(result.settled.map(({outcome, failure}) => [outcome, failure?.kind])).toEqual([
      ['failed', 'interrupted'],
      ['skipped', undefined],
    ]);
    expect(existsSync(rig.file('out/x'))).toBe(false);
  });
});

describe('store and records', () => {
  test('an edit of an artifact does not reach the store', async () => {
    const rig = await built();
    writeFileSync(rig.file('out/a'), 'scribble');
    expect((await rig.run()).outcomes['a']).toBe('restored');
    expect(rig.read('out/a')).toBe('x\n');
  });

  test('a spoilt object is a miss: the stage runs', async () => {
    const rig = await built();
    for (const folder of readdirSync(rig.file('.pipeline/objects'))) {
      for (const name of readdirSync(rig.file(`.pipeline/objects/${folder}`))) {
        rmSync(rig.file(`.pipeline/objects/${folder}/${name}`));
        rig.write({[`.pipeline/objects/${folder}/${name}`]: 'rot'});
      }
    }
    rig.write({'out/a': null});
    expect((await rig.run()).outcomes).toEqual({a: 'ran', b: 'fresh', c: 'fresh'});
    rig.write({'out/a': null});
    expect((await rig.run()).outcomes['a']).toBe('restored');
  });

  test('a fresh clone has the records but no objects: everything runs, and the records stay as they were', async () => {
    const rig = await built();
    const clone = createRig();
    for (const name of ['pipeline.yaml', 'pipeline.lock', 'in.txt'])
      cpSync(rig.file(name), clone.file(name), {recursive: true});
    const plan = await clone.plan();
    expect(plan.map(({outcome}) => outcome)).toEqual(['stale', 'stale', 'stale']);
    expect((await clone.run()).ran).toEqual(['a', 'b', 'c']);
    const record = 'pipeline.lock/b.json';
    expect(clone.read(record)).toBe(rig.read(record));
    expect(clone.read(record)).not.toContain(clone.root);
  });

  test('an output that is nowhere, and that nothing stale needs, is left missing', async () => {
    const rig = await built();
    rmSync(rig.file('.pipeline/objects'), {recursive: true});
    rig.write({'out/a': null});
    expect(await rig.plan()).toMatchObject([
      {outcome: 'fresh', absent: ['out/a']},
      {outcome: 'fresh'},
      {outcome: 'fresh'},
    ]);
    expect((await rig.run()).ran).toEqual([]);
    rig.write({'out/b': 'edited'});
    expect((await rig.plan()).map(({outcome}) => outcome)).toEqual(['stale', 'stale', 'may-run']);
    expect((await rig.run()).outcomes).toEqual({a: 'ran', b: 'ran', c: 'fresh'});
  });

  test('caches that are cut off or overwritten cost time and nothing else', async () => {
    const rig = await built();
    // Files of the last clock tick are not remembered yet.
    await wait(50);
    await rig.run();
    const stats = readFileSync(rig.file('.pipeline/stats'));
    for (const text of ['', 'nonsense', stats.subarray(0, stats.length / 2)]) {
      writeFileSync(rig.file('.pipeline/stats'), text);
      expect((await rig.run()).ran).toEqual([]);
    }
    rmSync(rig.file('.pipeline/stats'));
    rig.write({'pipeline.lock/a.json': '<<<<<<< conflict'});
    expect((await rig.run()).outcomes).toEqual({a: 'restored', b: 'fresh', c: 'fresh'});
  });

  test('secrets do not stand in records', async () => {
    const rig = createRig();
    rig.stages(`a: {run: "echo x > out/a", out: [out/a], env: [HF_TOKEN, LANG]}`);
    await rig.run({project: {env: {HF_TOKEN: 'hf_very_secret', LANG: 'C'}}});
    expect(rig.read('pipeline.lock/a.json')).not.toContain('hf_very_secret');
    expect(rig.read('pipeline.lock/a.json')).toContain('"LANG": "C"');
  });

  test('globs: the list of files counts, folders by content', async () => {
    const rig = createRig();
    rig.write({'data/1.txt': '1', 'data/2.txt': '2', 'tree/x/y': 'y'});
    rig.stages(`
glob: {run: "cat data/*.txt > out/glob", in: ["data/*.txt"], out: [out/glob]}
tree: {run: "cat tree/x/y > out/tree", in: [tree], out: [out/tree]}`);
    await rig.run();
    rig.write({'data/3.txt': '3'});
    expect((await rig.run()).ran).toEqual(['glob']);
    rig.write({'data/1.txt': null});
    expect((await rig.run()).ran).toEqual(['glob']);
    rig.write({'tree/x/z': ''});
    expect((await rig.run()).ran).toEqual(['tree']);
  });

  test('a job larger than the machine runs, alone', async () => {
    const rig = createRig();
    const stage = (name: string): string =>
      `${name}: {run: "echo + >> journal; sleep 0.2; echo - >> journal; echo > out/${name}", out: [out/${name}], resources: {cpus: 10000, memoryMb: 100000000}}`;
    rig.stages(['a', 'b'].map(stage).join('\n'));
    expect((await rig.run({jobs: 4, executor: localExecutor()})).ran).toHaveLength(2);
    expect(rig.journal()).toEqual(['+', '-', '+', '-']);
  });
});
