import {expect, test} from 'vitest';
import {formatConfigErrors} from '../../src/runner/config/format-errors.ts';
import {loadGraph} from '../../src/runner/config/load-graph.ts';
import {errorsOf, load, scratch, types} from './scratch.ts';

const stagesWith = (stages: string): string => `version: 1\nstages:\n${stages.replace(/^/gm, '  ')}`;

test('errors are data, sorted by position', async () => {
  const loaded = await load('version: 1\nstages:\n  a: {type: claen}\n  b: {runn: x}\n');
  expect(loaded).toEqual({
    ok: false,
    errors: [
      {
        code: 'unknown-stage-type',
        file: expect.stringMatching(/pipeline.yaml$/) as string,
        line: 3,
        column: 13,
        length: 5,
        message: 'unknown stage type "claen"',
        suggestion: 'Did you mean "clean"?',
        sourceLine: '  a: {type: claen}',
      },
      expect.objectContaining({code: 'missing-key', line: 4, column: 3}),
      expect.objectContaining({code: 'unknown-key', line: 4, column: 7, suggestion: 'Did you mean "run"?'}),
    ],
  });
});

test('the shape of the file', async () => {
  expect(await errorsOf('')).toMatchInlineSnapshot(`
    "
    pipeline.yaml:1:1 the file is empty: expected version: 1 and stages:
      1 | 
        | ^
    "
  `);
  expect(await errorsOf('- a\n')).toMatchInlineSnapshot(`
    "
    pipeline.yaml:1:1 wrong value for the pipeline: expected a map, found a list
      1 | - a
        | ^^^
    "
  `);
  expect(await errorsOf('versoin: 1\nstages: {a: {run: x}, a: {run: y}}\n')).toMatchInlineSnapshot(`
    "
    pipeline.yaml:1:1 unknown key "versoin" in the pipeline. Did you mean "version"?
      1 | versoin: 1
        | ^^^^^^^

    pipeline.yaml:1:1 the version of the format is missing: expected version: 1
      1 | versoin: 1
        | ^

    pipeline.yaml:2:23 the key "a" is here twice: first in line 2
      2 | stages: {a: {run: x}, a: {run: y}}
        |                       ^
    "
  `);
  expect(await errorsOf('version: "1"\nname: a/b\nstages: []\n')).toMatchInlineSnapshot(`
    "
    pipeline.yaml:1:10 unknown version of the format: expected 1, found "1" (string)
      1 | version: "1"
        |          ^^^

    pipeline.yaml:2:7 "a/b" cannot be the name of a pipeline: expected letters, digits, "_", "-" and "."
      2 | name: a/b
        |       ^^^

    pipeline.yaml:3:9 wrong value for stages: expected a map, found a list
      3 | stages: []
        |         ^^
    "
  `);
  expect(await errorsOf('version: 1\nstages: {a: {run: x}}\n---\nb: 1\n')).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:1 a second document starts here, and a pipeline is one
      3 | ---
        | ^^^
    "
  `);
});

test('YAML that does not parse', async () => {
  expect(await errorsOf(stagesWith('a: {run: x, in: [@b]}\nc: {run: "x}'))).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:20 plain value cannot start with reserved character @. Put it in double quotes: "@stage.output", "\${name}"
      3 |   a: {run: x, in: [@b]}
        |                    ^

    pipeline.yaml:4:15 missing closing "quote
      4 |   c: {run: "x}
        |               ^
    "
  `);
  expect(await errorsOf('version: 1\nstages:\n\ta: {run: x}\n')).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:1 tabs are not allowed as indentation. Indent with spaces
      3 | 	a: {run: x}
        | ^
    "
  `);
  expect(
    await errorsOf(
      stagesWith('a: {run: x, params: {x: *none, y: &r [*r], z: .inf, big: 12345678901234567890, t: !t 1}}'),
    ),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:27 no anchor &none stands before this alias
      3 |   a: {run: x, params: {x: *none, y: &r [*r], z: .inf, big: 12345678901234567890, t: !t 1}}
        |                           ^^^^^

    pipeline.yaml:3:41 alias *r stands inside the value that it names
      3 |   a: {run: x, params: {x: *none, y: &r [*r], z: .inf, big: 12345678901234567890, t: !t 1}}
        |                                         ^^

    pipeline.yaml:3:49 a number must be finite: found Infinity
      3 |   a: {run: x, params: {x: *none, y: &r [*r], z: .inf, big: 12345678901234567890, t: !t 1}}
        |                                                 ^^^^

    pipeline.yaml:3:60 this whole number is too large to be exact. Put it in quotes to keep its digits
      3 |   a: {run: x, params: {x: *none, y: &r [*r], z: .inf, big: 12345678901234567890, t: !t 1}}
        |                                                            ^^^^^^^^^^^^^^^^^^^^

    pipeline.yaml:3:85 unresolved tag: !t
      3 |   a: {run: x, params: {x: *none, y: &r [*r], z: .inf, big: 12345678901234567890, t: !t 1}}
        |                                                                                     ^^
    "
  `);
});

test('wrong values of a stage', async () => {
  expect(
    await errorsOf(
      stagesWith(`a b: {run: x}
b: {run: [x], in: data.txt, out: out.txt, frozen: maybe, retries: 1.5, timeoutMinutes: 0}
c: {run: x, env: [A=1, 3], params: [1], resources: {cpus: 0, memory: 3}}
d: {run: x, type: clean}
e: {}
f: {run: x, frozen: true, always: true}
g: 5
h: {run: x, in: [{a: b}, ""]}`),
    ),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:3 "a b" cannot be the name of a stage: expected letters, digits, "_" and "-"
      3 |   a b: {run: x}
        |   ^^^

    pipeline.yaml:4:12 wrong value for run: expected a text, found a list
      4 |   b: {run: [x], in: data.txt, out: out.txt, frozen: maybe, retries: 1.5, timeoutMinutes: 0}
        |            ^^^

    pipeline.yaml:4:21 wrong value for in: expected a list of paths, or a map name: path, found "data.txt" (string). Write [data.txt]
      4 |   b: {run: [x], in: data.txt, out: out.txt, frozen: maybe, retries: 1.5, timeoutMinutes: 0}
        |                     ^^^^^^^^

    pipeline.yaml:4:36 wrong value for out: expected a list of paths or a map name: path, found "out.txt" (string). Write [out.txt]
      4 |   b: {run: [x], in: data.txt, out: out.txt, frozen: maybe, retries: 1.5, timeoutMinutes: 0}
        |                                    ^^^^^^^

    pipeline.yaml:4:53 wrong value for frozen: expected true or false, found "maybe" (string)
      4 |   b: {run: [x], in: data.txt, out: out.txt, frozen: maybe, retries: 1.5, timeoutMinutes: 0}
        |                                                     ^^^^^

    pipeline.yaml:4:69 wrong value for retries: expected a whole number, 0 or more, found 1.5 (number)
      4 |   b: {run: [x], in: data.txt, out: out.txt, frozen: maybe, retries: 1.5, timeoutMinutes: 0}
        |                                                                     ^^^

    pipeline.yaml:4:90 wrong value for timeoutMinutes: expected a number above 0, found 0 (number)
      4 |   b: {run: [x], in: data.txt, out: out.txt, frozen: maybe, retries: 1.5, timeoutMinutes: 0}
        |                                                                                          ^

    pipeline.yaml:5:21 "A=1" cannot be the name of an environment variable. Only names stand here; the values are those of the shell
      5 |   c: {run: x, env: [A=1, 3], params: [1], resources: {cpus: 0, memory: 3}}
        |                     ^^^

    pipeline.yaml:5:26 wrong value for a variable in env: expected a text, found 3 (number)
      5 |   c: {run: x, env: [A=1, 3], params: [1], resources: {cpus: 0, memory: 3}}
        |                          ^

    pipeline.yaml:5:38 wrong value for params: expected a map, found a list
      5 |   c: {run: x, env: [A=1, 3], params: [1], resources: {cpus: 0, memory: 3}}
        |                                      ^^^

    pipeline.yaml:5:61 wrong value for cpus: expected a whole number, 1 or more, found 0 (number)
      5 |   c: {run: x, env: [A=1, 3], params: [1], resources: {cpus: 0, memory: 3}}
        |                                                             ^

    pipeline.yaml:5:64 unknown key "memory" in resources. Did you mean "memoryMb"?
      5 |   c: {run: x, env: [A=1, 3], params: [1], resources: {cpus: 0, memory: 3}}
        |                                                                ^^^^^^

    pipeline.yaml:6:15 the stage "d" has both run and type: expected one of them
      6 |   d: {run: x, type: clean}
        |               ^^^^

    pipeline.yaml:7:3 the stage "e" has neither run nor type. Write run: with a shell command, or type: with a stage type's name
      7 |   e: {}
        |   ^

    pipeline.yaml:8:29 a stage cannot be both frozen (never rerun) and always (rerun each time)
      8 |   f: {run: x, frozen: true, always: true}
        |                             ^^^^^^

    pipeline.yaml:9:6 wrong value for the stage "g": expected a map, found 5 (number)
      9 |   g: 5
        |      ^

    pipeline.yaml:10:20 wrong value for an input: expected a text, found a map
      10 |   h: {run: x, in: [{a: b}, ""]}
         |                    ^^^^^^

    pipeline.yaml:10:28 wrong value for an input: expected a text, found "" (string)
      10 |   h: {run: x, in: [{a: b}, ""]}
         |                            ^^
    "
  `);
});

test('a typed stage against its type', async () => {
  expect(
    await errorsOf(
      stagesWith(`a: {type: clean, params: {minLength: four, minLenght: 3}, in: {rwa: x}, out: {sentence: x}}
b: {type: train, in: {sentences: ["x", "y"]}, params: {method: ltd, model: {hidden: 1.5, x: 1}}}
c: {type: gather}
d: {type: idf, in: [x]}
e: {type: idf, in: {sentences: "*.txt"}}
f: {type: gather, in: {scores: []}}
g: {type: clean, in: {raw: x}, out: [one]}
h: {type: idf, in: {sentences: "@g"}}
i: {type: clean, in: {raw: x}, params: {names: [a, "\${nobody}"]}}
j: {type: clean, in: {raw: x}, params: {names: [a, 5]}}`),
    ),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:40 param "minLength": expected number, found "four" (string)
      3 |   a: {type: clean, params: {minLength: four, minLenght: 3}, in: {rwa: x}, out: {sentence: x}}
        |                                        ^^^^

    pipeline.yaml:3:46 unknown param "minLenght". Did you mean "minLength"?
      3 |   a: {type: clean, params: {minLength: four, minLenght: 3}, in: {rwa: x}, out: {sentence: x}}
        |                                              ^^^^^^^^^

    pipeline.yaml:3:65 the stage type "clean" needs the input "raw". Write in: {raw: …}
      3 |   a: {type: clean, params: {minLength: four, minLenght: 3}, in: {rwa: x}, out: {sentence: x}}
        |                                                                 ^^^^^^^^

    pipeline.yaml:3:66 the stage type "clean" has no input "rwa". Did you mean "raw"?
      3 |   a: {type: clean, params: {minLength: four, minLenght: 3}, in: {rwa: x}, out: {sentence: x}}
        |                                                                  ^^^

    pipeline.yaml:3:81 the stage type has no output "sentence". Did you mean "sentences"?
      3 |   a: {type: clean, params: {minLength: four, minLenght: 3}, in: {rwa: x}, out: {sentence: x}}
        |                                                                                 ^^^^^^^^

    pipeline.yaml:4:13 param "seed" is missing: expected number
      4 |   b: {type: train, in: {sentences: ["x", "y"]}, params: {method: ltd, model: {hidden: 1.5, x: 1}}}
        |             ^^^^^

    pipeline.yaml:4:36 the input "sentences" takes one file, and this names 2: found x, y
      4 |   b: {type: train, in: {sentences: ["x", "y"]}, params: {method: ltd, model: {hidden: 1.5, x: 1}}}
        |                                    ^^^^^^^^^^

    pipeline.yaml:4:87 param "model.hidden": expected int, found 1.5 (number)
      4 |   b: {type: train, in: {sentences: ["x", "y"]}, params: {method: ltd, model: {hidden: 1.5, x: 1}}}
        |                                                                                       ^^^

    pipeline.yaml:4:92 unknown param "model.x". Known params: method, seed, model
      4 |   b: {type: train, in: {sentences: ["x", "y"]}, params: {method: ltd, model: {hidden: 1.5, x: 1}}}
        |                                                                                            ^

    pipeline.yaml:5:13 the stage type "gather" needs the input "scores". Write in: {scores: …}
      5 |   c: {type: gather}
        |             ^^^^^^

    pipeline.yaml:6:22 wrong value for in: expected a map of input name: path or "@stage.output", found a list
      6 |   d: {type: idf, in: [x]}
        |                      ^^^

    pipeline.yaml:7:34 the input "sentences" takes one file, and a pattern may match several: found "*.txt"
      7 |   e: {type: idf, in: {sentences: "*.txt"}}
        |                                  ^^^^^^^

    pipeline.yaml:8:34 the input "scores" names no file
      8 |   f: {type: gather, in: {scores: []}}
        |                                  ^^

    pipeline.yaml:9:39 a list in out has a path for each of the 2 outputs, in their order: expected sentences, dropped, found 1
      9 |   g: {type: clean, in: {raw: x}, out: [one]}
        |                                       ^^^^^

    pipeline.yaml:10:34 the input "sentences" takes one file, and this names 2: found g.sentences, g.dropped. Name one output: @g.sentences
      10 |   h: {type: idf, in: {sentences: "@g"}}
         |                                  ^^^^

    pipeline.yaml:11:55 unknown name "nobody" in \${}
      11 |   i: {type: clean, in: {raw: x}, params: {names: [a, "\${nobody}"]}}
         |                                                       ^^^^^^^^^

    pipeline.yaml:12:54 param "names.1": expected string, found 5 (number)
      12 |   j: {type: clean, in: {raw: x}, params: {names: [a, 5]}}
         |                                                      ^
    "
  `);
});

test('an optional input has one file or none: left out, an empty list, a stage without instances', async () => {
  const none = ['{sentences: x}', '{sentences: x, idf: []}', '{sentences: x, idf: ["@off.table"]}'];
  const one = ['{sentences: x, idf: y}', '{sentences: x, idf: ["@off.table", y]}'];
  const off = 'vars: {no: []}\nstages:\n  off: {type: idf, matrix: {seed: "${no}"}, in: {sentences: x}}';
  for (const inputs of [...none, ...one])
    expect((await load(`version: 1\n${off}\n  w: {type: weigh, in: ${inputs}}\n`)).ok).toBe(true);
  expect(
    await errorsOf(
      stagesWith(`i: {type: idf, matrix: {seed: [1, 2]}, in: {sentences: x}}
w: {type: weigh, in: {sentences: x, idf: "@i.table"}}
v: {type: weigh, in: {sentences: x, idf: "tables/*"}}`),
    ),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:4:44 the input "idf" takes one file, and this names 2: found i@seed=1.table, i@seed=2.table. Select one with {seed=…}, or give this stage the same matrix axes
      4 |   w: {type: weigh, in: {sentences: x, idf: "@i.table"}}
        |                                            ^^^^^^^^^^

    pipeline.yaml:5:44 the input "idf" takes one file, and a pattern may match several: found "tables/*"
      5 |   v: {type: weigh, in: {sentences: x, idf: "tables/*"}}
        |                                            ^^^^^^^^^^
    "
  `);
});

test('an input of one file that several instances write explains how to choose', async () => {
  expect(
    await errorsOf(
      stagesWith(`t: {type: report, matrix: {seed: [1, 2, 3, 4]}}
c: {type: clean, in: {raw: x}}
i: {type: idf, in: {sentences: "@t.page"}}
k: {type: idf, in: {sentences: "@c"}}`),
    ),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:5:34 the input "sentences" takes one file, and this names 4: found t@seed=1.page, t@seed=2.page, t@seed=3.page, …. Select one with {seed=…}, or give this stage the same matrix axes
      5 |   i: {type: idf, in: {sentences: "@t.page"}}
        |                                  ^^^^^^^^^

    pipeline.yaml:6:34 the input "sentences" takes one file, and this names 2: found c.sentences, c.dropped. Name one output: @c.sentences
      6 |   k: {type: idf, in: {sentences: "@c"}}
        |                                  ^^^^
    "
  `);
});

test('references', async () => {
  expect(
    await errorsOf(
      stagesWith(`words: {run: x, out: {text: w.txt}}
a: {run: x, in: ["@wrods", "@words.txet", "@words{x=1}", "@words.", "@words{x}", "@/x"]}
b: {run: x, in: ["@a"]}
c: {run: "cat \${fil}", in: ["@d.x"]}
d: {run: x, out: ["\${nope}"]}`),
    ),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:4:22 unknown stage "wrods". Did you mean "words"?
      4 |   a: {run: x, in: ["@wrods", "@words.txet", "@words{x=1}", "@words.", "@words{x}", "@/x"]}
        |                      ^^^^^

    pipeline.yaml:4:38 the stage "words" has no output "txet". Did you mean "text"?
      4 |   a: {run: x, in: ["@wrods", "@words.txet", "@words{x=1}", "@words.", "@words{x}", "@/x"]}
        |                                      ^^^^

    pipeline.yaml:4:53 "words" has no axis "x". The stage "words" has no matrix
      4 |   a: {run: x, in: ["@wrods", "@words.txet", "@words{x=1}", "@words.", "@words{x}", "@/x"]}
        |                                                     ^

    pipeline.yaml:4:60 "@words." is not a reference to an output: expected @stage, @stage.output or @stage{axis=value}.output. For a file of that name write "./@words."
      4 |   a: {run: x, in: ["@wrods", "@words.txet", "@words{x=1}", "@words.", "@words{x}", "@/x"]}
        |                                                            ^^^^^^^^^

    pipeline.yaml:4:79 cannot read {x} in "@words{x}": expected {axis=value,axis=value}, each axis once
      4 |   a: {run: x, in: ["@wrods", "@words.txet", "@words{x=1}", "@words.", "@words{x}", "@/x"]}
        |                                                                               ^

    pipeline.yaml:4:84 "@/x" is not a reference to an output: expected @stage, @stage.output or @stage{axis=value}.output. For a file of that name write "./@/x"
      4 |   a: {run: x, in: ["@wrods", "@words.txet", "@words{x=1}", "@words.", "@words{x}", "@/x"]}
        |                                                                                    ^^^^^

    pipeline.yaml:5:20 the stage "a" has no outputs
      5 |   b: {run: x, in: ["@a"]}
        |                    ^^^^

    pipeline.yaml:6:17 unknown name "fil" in \${}
      6 |   c: {run: "cat \${fil}", in: ["@d.x"]}
        |                 ^^^^^^

    pipeline.yaml:7:22 unknown name "nope" in \${}
      7 |   d: {run: x, out: ["\${nope}"]}
        |                      ^^^^^^^
    "
  `);
});

test('outputs', async () => {
  expect(
    await errorsOf(
      stagesWith(`a: {run: x, out: [o/x, o/x]}
b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
c: {run: x, in: [p], out: [p/q]}
d: {run: x, in: [r], out: [r]}
e: {run: x, matrix: {s: [1, 2]}, out: [same]}
f: {run: x, in: ["g/*.txt"], out: [g/own.txt]}`),
    ),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:26 the output "o/x" is written by a twice
      3 |   a: {run: x, out: [o/x, o/x]}
        |                          ^^^

    pipeline.yaml:4:21 the output "o/x/y" lies inside "o/x", an output of a
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                     ^^^^^

    pipeline.yaml:4:28 a stage cannot write to "../up": it is outside the project. The project is ROOT
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                            ^^^^^

    pipeline.yaml:4:35 a stage cannot write to "/abs": it is outside the project. The project is ROOT
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                                   ^^^^

    pipeline.yaml:4:41 a stage cannot write to ".": it is the project itself
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                                         ^

    pipeline.yaml:4:44 a stage cannot write to "o/*.txt": an output is one file or folder, not a pattern. Name the folder
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                                            ^^^^^^^^^

    pipeline.yaml:4:55 a stage cannot write to ".pipeline/z": .pipeline is not a stage's to write
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                                                       ^^^^^^^^^^^

    pipeline.yaml:4:68 a stage cannot write to "pipeline.lock": pipeline.lock is not a stage's to write
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                                                                    ^^^^^^^^^^^^^

    pipeline.yaml:4:83 a stage cannot write to "pipeline.yaml": pipeline.yaml is not a stage's to write
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                                                                                   ^^^^^^^^^^^^^

    pipeline.yaml:4:98 a stage cannot write to "@a": this is a reference to an output. Outputs are paths; references stand in \`in\`
      4 |   b: {run: x, out: [o/x/y, ../up, /abs, ., "o/*.txt", .pipeline/z, pipeline.lock, pipeline.yaml, "@a"]}
        |                                                                                                  ^^^^

    pipeline.yaml:5:20 the stage reads "p", which holds its own output "p/q"
      5 |   c: {run: x, in: [p], out: [p/q]}
        |                    ^

    pipeline.yaml:6:20 the stage reads "r", which it writes itself
      6 |   d: {run: x, in: [r], out: [r]}
        |                    ^

    pipeline.yaml:7:42 the output "same" is written by both e@s=1 and e@s=2. Put the axes into the path: \${s}
      7 |   e: {run: x, matrix: {s: [1, 2]}, out: [same]}
        |                                          ^^^^

    pipeline.yaml:8:20 the stage reads "g/*.txt", which holds its own output "g/own.txt"
      8 |   f: {run: x, in: ["g/*.txt"], out: [g/own.txt]}
        |                    ^^^^^^^^^
    "
  `);
});

test('a circle is printed as a path', async () => {
  expect(
    await errorsOf(
      stagesWith(`a: {run: x, in: ["@c"], out: [a]}
b: {run: x, in: [a], out: [b]}
c: {run: x, in: ["b"], out: [c]}
d: {run: x, matrix: {s: [1, 2]}, in: ["@d{s=1}"], out: ["d\${s}"]}`),
    ),
  ).toMatchInlineSnapshot(`
    "
    pipeline.yaml:4:20 stages need each other in a circle: a → c → b → a ("→" means "reads from")
      4 |   b: {run: x, in: [a], out: [b]}
        |                    ^

    pipeline.yaml:6:41 stages need each other in a circle: d → d ("→" means "reads from")
      6 |   d: {run: x, matrix: {s: [1, 2]}, in: ["@d{s=1}"], out: ["d\${s}"]}
        |                                         ^^^^^^^^^
    "
  `);
});

test('bytes that are not UTF-8 are named by their offset', async () => {
  const root = scratch({'pipeline.yaml': Buffer.from([...Buffer.from('a: "\ufffd é"\nb: '), 0xff, 0x0a])});
  const loaded = await loadGraph({cwd: root}, types);
  expect(loaded.ok ? '' : formatConfigErrors(loaded.errors)).toMatchInlineSnapshot(`
    "pipeline.yaml: not valid UTF-8 at byte 15 (0xff, line 2). Save the file as UTF-8
    "
  `);
});

test('a bomb of aliases, absurd nesting and a huge file are refused', async () => {
  const bomb = Array.from({length: 30}, (_, i) => `v${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]`).join(
    '\n  ',
  );
  expect(await errorsOf(`version: 1\nvars:\n  ${bomb}\nstages: {a: {run: x}}`)).toContain(
    'aliases expand to more than',
  );
  expect(
    await errorsOf(`version: 1\nvars: {a: ${'['.repeat(20_000)}${']'.repeat(20_000)}}\nstages: {a: {run: x}}`),
  ).toContain('nested too deeply');
  expect(await errorsOf(`#${'x'.repeat(10 * 1024 * 1024)}`)).toContain('at most 4 MB, found 10.0 MB');
});

test('long lines are cut around the caret, wide characters and tabs keep it in place', () => {
  const error = {code: 'bad-value', file: 'f', line: 7, message: 'm'} as const;
  const long = {...error, column: 301, length: 3, sourceLine: `${'x'.repeat(300)}abc${'y'.repeat(300)}`};
  const wide = {...error, column: 5, length: 2, sourceLine: '\t北京 abc'};
  expect(formatConfigErrors([long, wide])).toMatchInlineSnapshot(`
    "f:7:301 m
      7 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxabcyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
        |                                          ^^^

    f:7:5 m
      7 | 	北京 abc
        | 	     ^^
    "
  `);
});

test('of broken YAML only the mistake is told, not each token after it', async () => {
  const text = (line: string) => `version: 1\nstages:\n${line}\n  b: {run: cat out > b, in: [out], out: [b]}\n`;
  expect(await errorsOf(text('  a: {run: echo, out: [out]}}'))).toMatchInlineSnapshot(`
    "
    pipeline.yaml:3:29 this } closes nothing. Remove it, or open it with { before
      3 |   a: {run: echo, out: [out]}}
        |                             ^
    "
  `);
  const indented = await errorsOf(text('  a:\n    run: x\n  }'));
  expect(indented.match(/^pipeline\.yaml:/gm)).toHaveLength(1);
  expect(await errorsOf(text('  a: {run: x, out: [y]]}'))).not.toContain('closes nothing');
  // Mistakes that do not follow from each other are all told.
  expect((await errorsOf('version: 1\nstages:\n\ta: x\n\tb: x\n')).match(/tabs are not allowed/g)).toHaveLength(2);
});
