import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {createRig, idOf, type Rig} from '../rig.ts';
import {joinStage, shoutModule, shoutStage} from './typed-stages.ts';

// Situations A to M with two runs at once in one folder, each over shell stages and typed ones: what has to be done is
// done once, by either, and both end well.

const stages = (seeds = '[1, 2]', end = '!', command = 'sort -u in.txt'): string => `
sorted: {run: ${command} > out/sorted.txt, in: [in.txt], out: [out/sorted.txt]}
upper: {run: tr a-z A-Z < out/sorted.txt > out/upper.txt, in: ["@sorted"], out: [out/upper.txt]}
loud: {type: shout, matrix: {seed: ${seeds}}, in: {text: in.txt}, params: {end: "${end}\${seed}"}}
all: {type: join, in: {texts: "@loud.text"}}
`;

/** Two runs at once; what each of the instances that were not fresh was settled as, which only one of them may have done. */
const together = async (rig: Rig, ...args: string[]): Promise<Record<string, string>> => {
  const results = await Promise.all([rig.run('run', '--json', ...args), rig.run('run', '--json', ...args)]);
  expect(results.map(({code, stderr}) => (code === 0 ? 0 : stderr))).toEqual([0, 0]);
  const done: Record<string, string> = {};
  for (const row of results.flatMap(({rows}) => rows)) {
    if (row.outcome === 'fresh') continue;
    expect(Object.keys(done)).not.toContain(idOf(row));
    done[idOf(row)] = row.outcome;
  }
  return done;
};

const settledRig = async (): Promise<Rig> => {
  const rig = createRig();
  rig.write({
    'in.txt': 'b\na\n',
    'stages/shout.ts': shoutStage,
    'stages/join.ts': joinStage,
    'src/shout.ts': shoutModule,
  });
  rig.pipeline(stages());
  expect(await together(rig)).toEqual({
    sorted: 'ran',
    upper: 'ran',
    'loud@seed=1': 'ran',
    'loud@seed=2': 'ran',
    all: 'ran',
  });
  return rig;
};

const bothLoud = (outcome: string): Record<string, string> => ({'loud@seed=1': outcome, 'loud@seed=2': outcome});

interface Situation {
  readonly name: string;
  readonly touch: (rig: Rig) => void;
  readonly expected: Readonly<Record<string, string>>;
}

const situations: readonly Situation[] = [
  {name: 'A: nothing changed', touch() {}, expected: {}},
  {name: 'B: input touched, same content', touch: rig => rig.write({'in.txt': rig.read('in.txt')}), expected: {}},
  {
    name: 'C: input changed, one of the two first outputs the same',
    touch: rig => rig.write({'in.txt': '\nb\na\n'}),
    // sort keeps the empty line: only the typed stage trims it away.
    expected: {sorted: 'ran', upper: 'ran', ...bothLoud('ran')},
  },
  {
    name: 'D: content changed in place, size and modification time kept',
    touch(rig) {
      const [input, reference] = [join(rig.root, 'in.txt'), join(rig.root, 'reference')];
      execFileSync('cp', ['-p', input, reference]);
      writeFileSync(input, 'b\nc\n');
      execFileSync('touch', ['-r', reference, input]);
    },
    expected: {sorted: 'ran', upper: 'ran', ...bothLoud('ran'), all: 'ran'},
  },
  {
    name: 'E: a command edited, same output',
    touch: rig => rig.pipeline(stages(undefined, undefined, 'sort in.txt | uniq')),
    expected: {sorted: 'ran'},
  },
  {
    name: 'E: code edited, same output',
    touch: rig => rig.write({'src/shout.ts': shoutModule.replace('.trim().toUpperCase()', '.toUpperCase().trim()')}),
    expected: bothLoud('ran'),
  },
  {
    name: 'F: outputs edited by hand',
    touch: rig => rig.write({'out/sorted.txt': 'edited\n', 'artifacts/loud/seed=2/text.txt': 'edited\n'}),
    expected: {sorted: 'restored', 'loud@seed=2': 'restored'},
  },
  {
    name: 'G: outputs deleted',
    touch(rig) {
      rig.remove('out');
      rig.remove('artifacts/all');
    },
    expected: {sorted: 'restored', upper: 'restored', all: 'restored'},
  },
  {
    name: 'L: comments of code edited',
    touch: rig => rig.write({'src/shout.ts': `// Loud.\n${shoutModule}`, 'stages/join.ts': `/* all */ ${joinStage}`}),
    expected: {},
  },
  {
    name: 'M: values added to an axis',
    touch: rig => rig.pipeline(stages('[1, 2, 3]')),
    expected: {'loud@seed=3': 'ran', all: 'ran'},
  },
];

test.each(situations)('$name', async ({touch, expected}) => {
  const rig = await settledRig();
  touch(rig);
  expect(await together(rig)).toEqual(expected);
  expect(await together(rig)).toEqual({});
});

test('I: input, param and code changed and put back', async () => {
  const rig = await settledRig();
  rig.write({'in.txt': 'c\n'});
  rig.pipeline(stages('[1, 2]', '?'));
  const all = {sorted: '', upper: '', 'loud@seed=1': '', 'loud@seed=2': '', all: ''};
  const every = (outcome: string): Record<string, string> =>
    Object.fromEntries(Object.keys(all).map(id => [id, outcome]));
  expect(await together(rig)).toEqual(every('ran'));
  rig.write({'in.txt': 'b\na\n'});
  rig.pipeline(stages());
  expect(await together(rig)).toEqual(every('restored'));
  expect(rig.read('artifacts/all/all.txt')).toBe('{"seed":"1"} B\nA!1\n{"seed":"2"} B\nA!2\n');
});

test('H: one of two runs and its jobs are killed: the other does what was unfinished', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/slow.ts': slowStage});
  rig.pipeline(`
    shell: {run: 'echo $$ > pid-shell; echo half > out.txt; test -f gate || sleep 300; cp in.txt out.txt', in: [in.txt], out: [out.txt]}
    typed: {type: slow, hermetic: false, in: {text: in.txt}}
  `);
  const first = rig.start('run', '--json', '--jobs', '2');
  await until(() => ['pid-shell', 'pid-typed'].every(file => rig.exists(file) && rig.read(file).trim() !== ''));
  const second = rig.start('run', '--json', '--jobs', '2');
  await wait(500);
  first.child.kill('SIGKILL');
  for (const file of ['pid-shell', 'pid-typed']) process.kill(Number(rig.read(file)), 'SIGKILL');
  expect((await first.result).code).toBeNull();
  rig.write({gate: ''});
  const {code, rows, stderr} = await second.result;
  expect(code, stderr).toBe(0);
  expect(Object.fromEntries(rows.map(row => [idOf(row), row.outcome]))).toEqual({shell: 'ran', typed: 'ran'});
  expect([rig.read('out.txt'), rig.read('artifacts/typed/text.txt')]).toEqual(['a\n', 'a\n']);
  expect(await together(rig)).toEqual({});
});

test('K: stages that wrote half and failed run again, once each', async () => {
  const rig = createRig();
  rig.write({'in.txt': 'a\n', 'stages/half.ts': halfStage});
  rig.pipeline(`
    shell: {run: echo half > out.txt; test -f gate, in: [in.txt], out: [out.txt]}
    typed: {type: half, hermetic: false, in: {text: in.txt}}
  `);
  const failed = await Promise.all([rig.run('run', '--keep-going'), rig.run('run', '--keep-going')]);
  expect(failed.map(({code}) => code)).toEqual([1, 1]);
  expect([rig.exists('out.txt'), rig.exists('artifacts/typed')]).toEqual([false, false]);
  rig.write({gate: ''});
  expect(await together(rig)).toEqual({shell: 'ran', typed: 'ran'});
});

const stageOf = (body: string): string => `
import {appendFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'For a test.',
  params: z.strictObject({}),
  inputs: {text: 'one'},
  outputs: {text: 'text.txt'},
  async run(ctx) {
    writeFileSync(ctx.out.text, 'half');
    ${body}
    writeFileSync(ctx.out.text, readFileSync(ctx.in.text.path));
  },
});
`;
const slowStage = stageOf(
  `writeFileSync('pid-typed', String(process.pid));
    while (!existsSync('gate')) await new Promise(resolve => setTimeout(resolve, 50));`,
);
const halfStage = stageOf(`if (!existsSync('gate')) throw new Error('lost');`);

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 1500; tries++) {
    if (isTrue()) return;
    await wait(20);
  }
  throw new Error('what the test waits for did not happen within 30 s');
};
