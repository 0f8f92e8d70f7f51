import {mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

// Files and axis values with names that nobody would choose: they work, in every part of the tool that writes them down.

const names = [
  'with space.txt',
  ' leading and trailing ',
  "it's.txt",
  'say "hi".txt',
  'back\\slash.txt',
  '$HOME ${x} `id`.txt',
  '-rf',
  'a;b&c|d>e.txt',
  'line\nbreak.txt',
  'tab\there.txt',
  'Ünïcödé – 日本語 🎉.txt',
  'e\u0301 decomposed.txt',
  '\u00e9 composed.txt',
  '#hash: colon, comma.txt',
  '[brackets] {braces}.txt',
  '%20percent%.txt',
  'ends with dot.',
  '~tilde.txt',
];

/** JSON is YAML; `${` is written `$${`, and what begins with `@` or holds `*` would be something else. */
const yaml = (text: string): string => JSON.stringify(text).replaceAll('${', () => '$${');

test('inputs and outputs with odd names, of shell stages', async () => {
  const rig = createRig();
  const stages = names.map((name, index) => {
    rig.write({[`in/${name}`]: `${index}\n`});
    const quoted = `'in/${name.replaceAll("'", `'\\''`)}'`;
    const target = `'out/${index}/${name.replaceAll("'", `'\\''`)}'`;
    return `s${index}: {run: ${yaml(`cp ${quoted} ${target}`)}, in: [${yaml(`in/${name}`)}], out: [${yaml(`out/${index}/${name}`)}]}`;
  });
  rig.pipeline(stages.join('\n'));
  const expected = Object.fromEntries(names.map((_, index) => [`s${index}`, 'ran']));
  expect(await rig.changed()).toEqual(expected);
  for (const [index, name] of names.entries()) expect(rig.read(`out/${index}/${name}`)).toBe(`${index}\n`);
  expect(await rig.changed()).toEqual({});
  rig.remove('out');
  expect(await rig.changed()).toEqual(Object.fromEntries(names.map((_, index) => [`s${index}`, 'restored'])));
  rig.write({'in/line\nbreak.txt': 'changed\n'});
  const {rows} = await rig.run('status', '--json');
  expect(rows.filter(({outcome}) => outcome !== 'fresh').map(({reasons}) => reasons)).toMatchObject([
    [{kind: 'input-changed', key: 'in/line\nbreak.txt'}],
  ]);
});

test('a folder that holds odd names comes back as it was', async () => {
  const rig = createRig();
  mkdirSync(join(rig.root, 'in'));
  for (const name of names) writeFileSync(join(rig.root, 'in', name), name);
  rig.pipeline('copy: {run: cp -a in out, in: [in], out: [out]}');
  await rig.outcomes();
  rig.remove('out');
  expect(await rig.changed()).toEqual({copy: 'restored'});
  expect(readdirSync(join(rig.root, 'out')).sort()).toEqual([...names].sort());
  for (const name of names) expect(rig.read(`out/${name}`)).toBe(name);
  // The two spellings of é are two files.
  writeFileSync(join(rig.root, 'in', 'e\u0301 decomposed.txt'), 'other');
  expect(await rig.changed()).toEqual({copy: 'ran'});
});

test('axis values and vars with odd characters are one word each to the shell, and instances of their own', async () => {
  const rig = createRig();
  const odd = names.filter(name => !name.includes('${'));
  rig.pipeline(`
    say:
      matrix: {text: [${odd.map(yaml).join(', ')}]}
      run: printf '%s' \${text} > "out/$(printf '%s' \${text} | cksum | cut -d' ' -f1).txt"; mkdir -p done/\${text}
      out: ["done/\${text}"]
  `);
  mkdirSync(join(rig.root, 'out'));
  const outcomes = await rig.outcomes();
  expect(Object.values(outcomes)).toEqual(odd.map(() => 'ran'));
  const written = readdirSync(join(rig.root, 'out')).map(name => rig.read(`out/${name}`));
  expect(written.sort()).toEqual([...odd].sort());
  expect(await rig.changed()).toEqual({});
});

test('links that go round in circles: as a file, in a folder and under a pattern', async () => {
  const rig = createRig();
  rig.write({'data/deep/one.txt': '1\n'});
  symlinkSync('..', join(rig.root, 'data/deep/up'));
  symlinkSync('itself', join(rig.root, 'itself'));
  rig.pipeline(`
    folder: {run: ls data > folder.txt, in: [data], out: [folder.txt]}
    pattern: {run: 'cat data/deep/*.txt > pattern.txt', in: ["data/**/*.txt"], out: [pattern.txt]}
  `);
  expect(await rig.changed()).toEqual({folder: 'ran', pattern: 'ran'});
  expect(await rig.changed()).toEqual({});
  rig.write({'data/deep/two.txt': '2\n'});
  expect(await rig.changed()).toEqual({folder: 'ran', pattern: 'ran'});
  rig.pipeline('file: {run: cat itself > file.txt, in: [itself], out: [file.txt]}');
  const {code, stderr} = await rig.run('run');
  expect(code).toBe(1);
  expect(stderr).toContain('input itself does not exist');
});

test.each(['./out//a.txt', 'out/../out/a.txt', 'out/./a.txt', 'ROOT/out/a.txt'])(
  'an output that another stage reads as %s is an edge all the same',
  async written => {
    const rig: Rig = createRig();
    const path = written.replace('ROOT', rig.root);
    rig.write({'in.txt': '1\n'});
    rig.pipeline(`
      b: {run: cp out/a.txt b.txt, in: [${path}], out: [b.txt]}
      a: {run: cp in.txt out/a.txt, in: [in.txt], out: [out/a.txt]}
    `);
    expect(Object.keys(await rig.changed())).toEqual(['a', 'b']);
    rig.write({'in.txt': '2\n'});
    expect(await rig.changed()).toEqual({a: 'ran', b: 'ran'});
    expect(rig.read('b.txt')).toBe('2\n');
  },
);
