import {expect, test} from 'vitest';
import {errorsOf, graphOf, instance, sourcesOf} from './scratch.ts';

const head = `vars:
  seeds: [1, 2]
  data: {}
  train: {epochs: 3, rate: 0.1, files: [a.txt, b.txt]}
  base: in
  corpus: "\${base}/corpus.txt"
profiles:
  paper: {seeds: {range: [1, 4]}, train: {epochs: 9}}
  empty:`;

const stages = `a: {run: "train \${train.epochs} \${train.rate}", in: ["\${train.files}", "\${corpus}"]}
b: {run: "echo \${seed}", matrix: {seed: "\${seeds}"}}`;

const textOf = async (options: {profile?: string; set?: string[]} = {}): Promise<string[]> => {
  const graph = await graphOf(stages, options, head);
  return graph.instances.map(({command}) => (command.kind === 'shell' ? command.text : ''));
};

test('vars refer to vars, a list is spliced into `in`, a number stays a number', async () => {
  const graph = await graphOf(stages, {}, head);
  expect(sourcesOf(instance(graph, 'a'))).toEqual({0: ['a.txt'], 1: ['b.txt'], 2: ['in/corpus.txt']});
  expect(await textOf()).toEqual(['train 3 0.1', 'echo 1', 'echo 2']);
});

test('a profile overrides by path', async () => {
  expect(await textOf({profile: 'paper'})).toEqual(['train 9 0.1', 'echo 1', 'echo 2', 'echo 3', 'echo 4']);
  expect(await textOf({profile: 'empty'})).toEqual(await textOf());
  expect(await textOf({profile: 'default'})).toEqual(await textOf());
});

test('--set overrides a profile, reads YAML, and may add a key to a map', async () => {
  expect(await textOf({profile: 'paper', set: ['seeds=[7]', 'train.rate=1e-3', 'data.glue=../x y']})).toEqual([
    'train 9 0.001',
    'echo 7',
  ]);
  expect(await textOf({set: ['seeds={range: [8, 9]}', 'train.epochs=${seeds.0}']})).toEqual([
    'train 8 0.1',
    'echo 8',
    'echo 9',
  ]);
});

test('whole values keep their type, parts become text, $${ stands for ${', async () => {
  const graph = await graphOf(
    `a:
  run: "echo $\${HOME} $HOME \${params.flag}"
  params: {n: "\${n}", list: "\${list}", text: "n=\${n}", flag: "\${flag}", literal: "$\${n}", nested: [{m: "\${map}"}]}`,
    {},
    'vars: {n: 3, list: [1, two], flag: true, map: {x: null}}',
  );
  expect(instance(graph, 'a').params).toEqual({
    n: 3,
    list: [1, 'two'],
    text: 'n=3',
    flag: true,
    literal: '${n}',
    nested: [{m: {x: null}}],
  });
  expect(instance(graph, 'a').command).toEqual({kind: 'shell', text: 'echo ${HOME} $HOME true'});
});

test('an axis hides a var of the same name', async () => {
  const graph = await graphOf(`a: {run: "echo \${seed}", matrix: {seed: ["\${seed}", 5]}}`, {}, 'vars: {seed: 1}');
  expect(graph.instances.map(({command}) => command)).toMatchObject([{text: 'echo 1'}, {text: 'echo 5'}]);
});

test('mistakes in vars, profiles and settings', async () => {
  expect(
    await errorsOf(
      `version: 1
vars: {seeds: [1], a: "\${b} x", b: {c: "\${d}"}, d: "\${a}", params: 1, "x y": 1, e: "\${seed}"}
profiles: {paper: {seed: [2]}, default: {}, "a/b": {}}
stages:
  s: {run: "echo \${seeds.x} \${nothing} \${HOME} \${} \${open", params: {p: "x \${seeds}"}}
`,
      {profile: 'papr', set: ['sed=1', 'seeds', 'seeds=[1', 'seeds.x=1', 'seeds={range: [1, x]}']},
    ),
  ).toMatchInlineSnapshot(`
    "
    --profile: there is no profile "papr". Did you mean "paper"?
       | papr
       | ^^^^

    --set: there is no var "sed". Did you mean "seeds"?
       | sed=1
       | ^^^

    --set: not a setting: expected name=VALUE or name.key=VALUE
       | seeds
       | ^^^^^

    --set: "seeds" has no keys to set: expected a map, found a list
       | seeds.x=1
       | ^^^^^^^

    --set: flow sequence must end with a ]
       | seeds=[1
       |         ^

    --set: not a range: expected two whole numbers [first, last], first not above last, at most 100000 values, found [1 (number), "x" (string)]
       | seeds={range: [1, x]}
       |               ^^^^^^

    pipeline.yaml:2:53 vars refer to each other in a circle: a → b → d → a
      2 | vars: {seeds: [1], a: "\${b} x", b: {c: "\${d}"}, d: "\${a}", params: 1, "x y": 1, e: "\${seed}"}
        |                                                     ^^^^

    pipeline.yaml:2:60 a var cannot be called "params": \${params.x} means a param
      2 | vars: {seeds: [1], a: "\${b} x", b: {c: "\${d}"}, d: "\${a}", params: 1, "x y": 1, e: "\${seed}"}
        |                                                            ^^^^^^

    pipeline.yaml:2:71 "x y" cannot be the name of a var: expected letters, digits, "_" and "-"
      2 | vars: {seeds: [1], a: "\${b} x", b: {c: "\${d}"}, d: "\${a}", params: 1, "x y": 1, e: "\${seed}"}
        |                                                                       ^^^^^

    pipeline.yaml:2:85 unknown name "seed" in \${}. Did you mean "seeds"?
      2 | vars: {seeds: [1], a: "\${b} x", b: {c: "\${d}"}, d: "\${a}", params: 1, "x y": 1, e: "\${seed}"}
        |                                                                                     ^^^^^^^

    pipeline.yaml:3:20 the profile overrides "seed", which is not in vars. Did you mean "seeds"?
      3 | profiles: {paper: {seed: [2]}, default: {}, "a/b": {}}
        |                    ^^^^

    pipeline.yaml:3:32 "default" is the profile without overrides: change vars
      3 | profiles: {paper: {seed: [2]}, default: {}, "a/b": {}}
        |                                ^^^^^^^

    pipeline.yaml:3:45 "a/b" cannot be the name of a profile: expected letters, digits, "_", "-" and "."
      3 | profiles: {paper: {seed: [2]}, default: {}, "a/b": {}}
        |                                             ^^^^^

    pipeline.yaml:5:18 unknown name "seeds.x" in \${}
      5 |   s: {run: "echo \${seeds.x} \${nothing} \${HOME} \${} \${open", params: {p: "x \${seeds}"}}
        |                  ^^^^^^^^^^

    pipeline.yaml:5:29 unknown name "nothing" in \${}. Known names: params, seeds, a, b, d, params, x y, e
      5 |   s: {run: "echo \${seeds.x} \${nothing} \${HOME} \${} \${open", params: {p: "x \${seeds}"}}
        |                             ^^^^^^^^^^

    pipeline.yaml:5:40 unknown name "HOME" in \${}. For the shell's variable write $HOME or $\${HOME}
      5 |   s: {run: "echo \${seeds.x} \${nothing} \${HOME} \${} \${open", params: {p: "x \${seeds}"}}
        |                                        ^^^^^^^

    pipeline.yaml:5:48 not a name in \${}: expected \${name} or \${name.key}. For a literal \${ write $\${
      5 |   s: {run: "echo \${seeds.x} \${nothing} \${HOME} \${} \${open", params: {p: "x \${seeds}"}}
        |                                                ^^^

    pipeline.yaml:5:52 this \${ is never closed: expected \${name} or \${name.key}. For a literal \${ write $\${
      5 |   s: {run: "echo \${seeds.x} \${nothing} \${HOME} \${} \${open", params: {p: "x \${seeds}"}}
        |                                                    ^^^^^^

    pipeline.yaml:5:76 \${seeds} cannot stand inside a text: expected a text, number, true or false, found a list
      5 |   s: {run: "echo \${seeds.x} \${nothing} \${HOME} \${} \${open", params: {p: "x \${seeds}"}}
        |                                                                            ^^^^^^^^
    "
  `);
});

test('chains of vars that double at each step are stopped before they fill the memory', async () => {
  const vars = Array.from({length: 40}, (_, index) => `v${index + 1}: ["\${v${index}}", "\${v${index}}"]`).join(', ');
  expect(await errorsOf(`version: 1\nvars: {v0: [1], ${vars}}\nstages: {a: {run: "echo"}}`)).toContain(
    'more than 2000000 values',
  );
  const texts = Array.from({length: 40}, (_, index) => `v${index + 1}: "\${v${index}}\${v${index}}"`).join(', ');
  expect(await errorsOf(`version: 1\nvars: {v0: x, ${texts}}\nstages: {a: {run: "echo"}}`)).toContain(
    'more than 1000000 char',
  );
});
