import {execFileSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {createRig, type Rig} from './rig.ts';

/** upper → head → copy: the middle one forgets most of its input, so that a change may stop there. */
const chain = `
upper: {run: "echo upper >> journal; tr a-z A-Z < in.txt > out/upper.txt", in: [in.txt], out: [out/upper.txt]}
head: {run: "echo head >> journal; head -c 3 out/upper.txt > out/head.txt", in: [out/upper.txt], out: [out/head.txt]}
copy: {run: "echo copy >> journal; cp out/head.txt out/copy.txt", in: [out/head.txt], out: [out/copy.txt]}`;

const built = async (): Promise<Rig> => {
  const rig = createRig();
  rig.write({'in.txt': 'abcdef\n'});
  rig.stages(chain);
  expect((await rig.run()).outcomes).toEqual({upper: 'ran', head: 'ran', copy: 'ran'});
  return rig;
};

const allFresh = {upper: 'fresh', head: 'fresh', copy: 'fresh'};

describe('shell stages, situations of docs: what must run and what must not', () => {
  test('A: nothing changed, nothing runs', async () => {
    const rig = await built();
    const again = await rig.run();
    expect(again.outcomes).toEqual(allFresh);
    expect(again.failed).toBe(false);
    expect(rig.journal()).toEqual(['upper', 'head', 'copy']);
  });

  test('B: input touched, same content: nothing runs', async () => {
    const rig = await built();
    rig.write({'in.txt': 'abcdef\n'});
    expect((await rig.run()).outcomes).toEqual(allFresh);
  });

  test('C: the first output comes out the same: only the first stage runs', async () => {
    const rig = await built();
    rig.write({'in.txt': 'ABCDEF\n'});
    const {outcomes, settled} = await rig.run();
    expect(outcomes).toEqual({upper: 'ran', head: 'fresh', copy: 'fresh'});
    expect(settled.find(({id}) => id === 'upper')!.reasons).toMatchObject([{kind: 'input-changed', key: 'in.txt'}]);
  });

  test('C: early cutoff in the middle', async () => {
    const rig = await built();
    rig.write({'in.txt': 'abcxyz\n'});
    expect((await rig.run()).outcomes).toEqual({upper: 'ran', head: 'ran', copy: 'fresh'});
  });

  test('D: content changed with size and mtime kept is noticed', async () => {
    const rig = await built();
    await rig.run();
    execFileSync('sh', ['-c', 'touch -r in.txt stamp; printf "xbcdef\\n" > in.txt; touch -r stamp in.txt'], {
      cwd: rig.root,
    });
    expect((await rig.run()).ran).toEqual(['upper', 'head', 'copy']);
    // Replaced by a copy that keeps its times, as rsync and tar do.
    execFileSync('sh', ['-c', 'printf "ybcdef\\n" > other; touch -r in.txt other; cp -p other in.txt'], {
      cwd: rig.root,
    });
    expect((await rig.run()).ran).toEqual(['upper', 'head', 'copy']);
  });

  test('E: an edited command with the same output runs alone', async () => {
    const rig = await built();
    rig.stages(chain.replace('tr a-z A-Z', "tr 'a-z' 'A-Z'"));
    const {outcomes, settled} = await rig.run();
    expect(outcomes).toEqual({upper: 'ran', head: 'fresh', copy: 'fresh'});
    expect(settled.find(({id}) => id === 'upper')!.reasons).toMatchObject([{kind: 'command-changed', key: 'run'}]);
  });

  test('E: params and env count, by value and by name', async () => {
    const rig = createRig();
    const stage = (unit: string): string =>
      `a: {run: "echo x > out/a", out: [out/a], params: {unit: ${unit}, nested: {b: 1, a: 2}}, env: [COLOUR]}\nb: {run: "cp out/a out/b", in: [out/a], out: [out/b]}`;
    rig.stages(stage('word'));
    const env = (COLOUR: string) => ({project: {env: {COLOUR}}});
    await rig.run(env('red'));
    expect((await rig.run(env('red'))).ran).toEqual([]);
    const recoloured = await rig.run(env('blue'));
    expect(recoloured.ran).toEqual(['a']);
    expect(recoloured.settled[0]!.reasons).toEqual([{kind: 'env-changed', key: 'COLOUR', was: 'red', now: 'blue'}]);
    rig.stages(stage('line'));
    const renamed = await rig.run(env('blue'));
    expect(renamed.ran).toEqual(['a']);
    expect(renamed.settled[0]!.reasons).toEqual([{kind: 'param-changed', key: 'unit', was: 'word', now: 'line'}]);
    rig.stages(stage('line').replace('{b: 1, a: 2}', '{a: 2, b: 1}'));
    expect((await rig.run(env('blue'))).ran).toEqual([]);
  });

  test('F: an output edited by hand is restored', async () => {
    const rig = await built();
    rig.write({'out/upper.txt': 'by hand'});
    expect((await rig.plan()).map(({id, outcome}) => [id, outcome])).toEqual([
      ['upper', 'restorable'],
      ['head', 'fresh'],
      ['copy', 'fresh'],
    ]);
    const {outcomes, settled} = await rig.run();
    expect(outcomes).toEqual({upper: 'restored', head: 'fresh', copy: 'fresh'});
    expect(settled[0]!.reasons).toEqual([{kind: 'output-edited', key: 'out/upper.txt'}]);
    expect(rig.read('out/upper.txt')).toBe('ABCDEF\n');
  });

  test('G: an output deleted is restored, in the middle and at the end', async () => {
    const rig = await built();
    rig.write({'out/upper.txt': null, 'out/copy.txt': null});
    const {outcomes, settled} = await rig.run();
    expect(outcomes).toEqual({upper: 'restored', head: 'fresh', copy: 'restored'});
    expect(settled[0]!.reasons).toMatchObject([{kind: 'output-missing'}]);
    expect(rig.read('out/copy.txt')).toBe('ABC');
    expect((await rig.run()).outcomes).toEqual(allFresh);
    expect(rig.journal()).toHaveLength(3);
  });

  test('G: a folder output comes back with its links, its executables and its empty folders', async () => {
    const rig = createRig();
    rig.stages(
      `a: {run: "mkdir -p out/d/empty; echo hi > out/d/x; chmod +x out/d/x; ln -s x out/d/link; ln -s . out/d/loop", out: [out/d]}`,
    );
    await rig.run();
    const list = (): string =>
      execFileSync('sh', ['-c', 'cd out/d && ls -lR | cut -c1-10 && readlink link && cat x'], {
        cwd: rig.root,
        encoding: 'utf8',
      });
    const before = list();
    rig.write({'out/d': null});
    expect((await rig.run()).outcomes).toEqual({a: 'restored'});
    expect(list()).toBe(before);
    rig.write({'out/d/extra': 'not mine'});
    expect((await rig.run()).outcomes).toEqual({a: 'restored'});
    expect((await rig.run()).outcomes).toEqual({a: 'fresh'});
  });

  test('I: an input that is put back brings its outputs back', async () => {
    const rig = await built();
    rig.write({'in.txt': 'xyz\n'});
    await rig.run();
    rig.write({'in.txt': 'abcdef\n'});
    expect((await rig.plan()).map(({outcome}) => outcome)).toEqual(['restorable', 'restorable', 'restorable']);
    const {outcomes} = await rig.run();
    expect(outcomes).toEqual({upper: 'restored', head: 'restored', copy: 'restored'});
    expect(rig.read('out/copy.txt')).toBe('ABC');
    expect((await rig.run()).outcomes).toEqual(allFresh);
  });

  test('K: a stage that wrote half and failed leaves nothing and runs again', async () => {
    const rig = createRig();
    rig.write({'in.txt': 'a'});
    rig.stages(`
a: {run: "echo half > out/a; test -e ready && echo whole > out/a", in: [in.txt], out: [out/a]}
b: {run: "cp out/a out/b", in: [out/a], out: [out/b]}`);
    const first = await rig.run();
    expect(first.outcomes).toEqual({a: 'failed', b: 'skipped'});
    expect(first.failed).toBe(true);
    expect(first.settled[0]!.failure).toMatchObject({kind: 'exit-code', code: 1});
    expect(() => rig.read('out/a')).toThrow();
    rig.write({ready: ''});
    expect((await rig.run()).outcomes).toEqual({a: 'ran', b: 'ran'});
    expect(rig.read('out/b')).toBe('whole\n');
  });

  test('M: more values on an axis: only those run, and what reads all of them', async () => {
    const rig = createRig();
    const stages = (seeds: string): string => `
train: {matrix: {seed: ${seeds}}, run: "echo \${seed} >> journal; echo \${seed} > out/\${seed}", out: ["out/\${seed}"]}
all: {run: "cat out/[0-9]* > out/all", in: ["@train"], out: [out/all]}`;
    rig.stages(stages('[1, 2]'));
    await rig.run();
    rig.stages(stages('[1, 2, 3]'));
    const {outcomes, settled} = await rig.run();
    expect(outcomes).toEqual({'train@seed=1': 'fresh', 'train@seed=2': 'fresh', 'train@seed=3': 'ran', all: 'ran'});
    expect(settled.at(-1)!.reasons).toMatchObject([{kind: 'input-changed', key: 'out/3', was: null}]);
    expect(rig.journal().sort()).toEqual(['1', '2', '3']);
    expect(rig.read('out/all')).toBe('1\n2\n3\n');
  });
});
