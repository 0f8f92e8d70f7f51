import {expect, test} from 'vitest';
import {errorsOf, graphOf, instance, sourcesOf} from './scratch.ts';

const train = `train:
  type: train
  matrix: {method: [ltd, lrc], seed: [1, 2], exclude: [{method: lrc, seed: 2}]}
  in: {sentences: s.arrow}
  params: {method: "\${method}", seed: "\${seed}"}
`;

test('instances in the order of the axes, the last turning fastest; values keep their type in params', async () => {
  const graph = await graphOf(train);
  expect(graph.instances.map(({id}) => id)).toEqual([
    'train@method=ltd,seed=1',
    'train@method=ltd,seed=2',
    'train@method=lrc,seed=1',
  ]);
  expect(instance(graph, 'train@method=lrc,seed=1')).toMatchObject({
    axis: {method: 'lrc', seed: '1'},
    params: {method: 'lrc', seed: 1},
    outputs: [{path: 'artifacts/train/method=lrc,seed=1/student'}, {name: 'scores'}],
  });
});

test('exclude may also stand beside the matrix, and leaves out all that match', async () => {
  const graph = await graphOf(`a: {run: "echo", matrix: {x: [1, 2], y: [a, b]}, exclude: [{x: 1}]}`);
  expect(graph.instances.map(({id}) => id)).toEqual(['a@x=2,y=a', 'a@x=2,y=b']);
});

test('a reference takes the same value for shared axes and all values of the others', async () => {
  const graph = await graphOf(`${train}
each: {type: gather, matrix: {seed: [1, 2]}, in: {scores: "@train.scores"}}
some: {type: gather, in: {scores: "@train{method=ltd}.scores"}}
one: {run: x, matrix: {seed: [2]}, in: ["@train{method=lrc,seed=1}.scores"]}
mine: {type: gather, matrix: {method: [ltd, lrc]}, in: {scores: ["@train{seed=1}.scores", "@train{method=ltd}"]}}
all: {type: gather, in: {scores: "@train.scores"}}`);
  const scores = (id: string): string[] | undefined => sourcesOf(instance(graph, id))['scores'];
  const [ltd1, ltd2, lrc1] = ['method=ltd,seed=1', 'method=ltd,seed=2', 'method=lrc,seed=1'].map(
    axis => `train@${axis}.scores`,
  );
  expect(scores('each@seed=1')).toEqual([ltd1, lrc1]);
  expect(scores('each@seed=2')).toEqual([ltd2]);
  expect(scores('some')).toEqual([ltd1, ltd2]);
  expect(scores('all')).toEqual([ltd1, ltd2, lrc1]);
  expect(sourcesOf(instance(graph, 'one@seed=2'))).toEqual({0: [lrc1]});
  expect(scores('mine@method=lrc')).toEqual([
    lrc1,
    'train@method=ltd,seed=1.student',
    ltd1,
    'train@method=ltd,seed=2.student',
    ltd2,
  ]);
  expect(graph.stages.find(({name}) => name === 'all')!.needs).toEqual(['train']);
});

test('axis values compare as strings, and odd ones are escaped in ids and folders without a clash', async () => {
  const graph = await graphOf(`a: {run: "echo", matrix: {m: ["a/b", "a%2Fb", "x,y=z", "..", 北]}, out: ["o/\${m}x"]}
t: {type: report, matrix: {s: ["1", a b]}}
u: {type: gather, matrix: {s: [1]}, in: {scores: "@t.page"}}
v: {run: "echo", in: ["@t{s=a b}.page", "@a{m=x%2Cy%3Dz}"]}`);
  expect(graph.stages[0]!.instances).toEqual([
    'a@m=a%2Fb',
    'a@m=a%252Fb',
    'a@m=x%2Cy%3Dz',
    'a@m=%2E%2E',
    'a@m=%E5%8C%97',
  ]);
  expect(sourcesOf(instance(graph, 'u@s=1'))).toEqual({scores: ['t@s=1.page']});
  expect(instance(graph, 't@s=a%20b').outputs[0]!.path).toBe('reports/t/s=a%20b/index.md');
  expect(sourcesOf(instance(graph, 'v'))).toEqual({0: ['t@s=a%20b.page'], 1: ['a@m=x%2Cy%3Dz.0']});
});

test('a name too long for a folder is cut and made unique', async () => {
  const long = 'x'.repeat(300);
  const graph = await graphOf(`a: {type: report, matrix: {m: [${long}1, ${long}2]}}`);
  const [first, second] = graph.instances.map(({outputs}) => outputs[0]!.path.split('/')[2]!);
  expect(first).not.toBe(second);
  expect(first!.length).toBeLessThan(200);
});

test('mistakes in a matrix', async () => {
  expect(
    await errorsOf(`version: 1
stages:
  a: {run: "echo", matrix: {x: []}}
  b: {run: "echo", matrix: {x: [1, "1"]}}
  c: {run: "echo", matrix: {}}
  d: {run: "echo", matrix: {x: [[1]], params: [1]}}
  e: {run: "echo", matrix: {x: [1], exclude: [{y: 1}]}}
  f: {run: "echo", matrix: {x: [1]}, exclude: [{x: 1}]}
  g: {run: "echo", matrix: {x: {range: [5, 1]}}}
  h: {run: "echo", matrix: {x: 3}}
  i: {run: "echo", exclude: [{x: 1}]}
`),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:32 the axis "x" has no values
      3 |   a: {run: "echo", matrix: {x: []}}
        |                                ^^

    pipeline.yaml:4:36 the axis "x" has the value "1" (string) twice. Axis values are compared as texts
      4 |   b: {run: "echo", matrix: {x: [1, "1"]}}
        |                                    ^^^

    pipeline.yaml:5:28 a matrix needs an axis
      5 |   c: {run: "echo", matrix: {}}
        |                            ^^

    pipeline.yaml:6:33 wrong value for a value of the axis "x": expected a text, number, true or false, found a list
      6 |   d: {run: "echo", matrix: {x: [[1]], params: [1]}}
        |                                 ^^^

    pipeline.yaml:6:39 an axis cannot be called "params": \${params.x} means a param
      6 |   d: {run: "echo", matrix: {x: [[1]], params: [1]}}
        |                                       ^^^^^^

    pipeline.yaml:7:48 exclude names "y", which is not an axis. Known axes: x
      7 |   e: {run: "echo", matrix: {x: [1], exclude: [{y: 1}]}}
        |                                                ^

    pipeline.yaml:8:28 exclude leaves nothing of the matrix
      8 |   f: {run: "echo", matrix: {x: [1]}, exclude: [{x: 1}]}
        |                            ^^^^^^^^

    pipeline.yaml:9:40 not a range: expected two whole numbers [first, last], first not above last, at most 100000 values, found [5 (number), 1 (number)]
      9 |   g: {run: "echo", matrix: {x: {range: [5, 1]}}}
        |                                        ^^^^^^

    pipeline.yaml:10:32 wrong value for the axis "x": expected a list, found 3 (number)
      10 |   h: {run: "echo", matrix: {x: 3}}
         |                                ^

    pipeline.yaml:11:29 exclude needs a matrix to leave something out of
      11 |   i: {run: "echo", exclude: [{x: 1}]}
         |                             ^^^^^^^^
    "
  `);
});

test('a shared axis value that the other stage lacks is an error, except for an optional input', async () => {
  expect(
    await errorsOf(`version: 1
stages:
  a: {run: "echo", matrix: {seed: [1, 2]}, out: ["a/\${seed}"]}
  b: {type: gather, matrix: {seed: [1, 3]}, in: {scores: "@a"}}
  c: {type: report, matrix: {seed: [1, 3]}, in: {scores: "@a"}}
  d: {type: report, in: {scores: "@a{seed=4}"}}
  e: {type: report, in: {scores: "@a{sed=1}"}}
`),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:4:58 "a" has no instance with seed=3, which b@seed=3 reads. Select others by {axis=value}, or give both stages the same values
      4 |   b: {type: gather, matrix: {seed: [1, 3]}, in: {scores: "@a"}}
        |                                                          ^^^^

    pipeline.yaml:6:43 the axis "seed" of "a" has no value "4". Known values: 1, 2
      6 |   d: {type: report, in: {scores: "@a{seed=4}"}}
        |                                           ^

    pipeline.yaml:7:13 the output "reports/index.md" is written by both d and e
      7 |   e: {type: report, in: {scores: "@a{sed=1}"}}
        |             ^^^^^^

    pipeline.yaml:7:38 "a" has no axis "sed". Did you mean "seed"?
      7 |   e: {type: report, in: {scores: "@a{sed=1}"}}
        |                                      ^^^
    "
  `);
});
