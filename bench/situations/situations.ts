import {execFileSync} from 'node:child_process';
import type {Playground} from './playground.ts';

export interface Situation {
  readonly name: string;
  /** null where the tool was right, else what it did instead. Starts in a folder where nothing has run. */
  readonly play: (ground: Playground) => Promise<string | null>;
}

/** Situations A to K in the life of a pipeline: run, touch one thing, run; what really ran, and what lies there then. */
export const situations: readonly Situation[] = [
  settled('A nothing changed', () => {}, {ran: ''}),
  settled('B input touched, same content', ground => ground.write('in/0.txt', ground.read('in/0.txt')), {ran: ''}),
  settled('C input changed, first output the same', ground => ground.write('in/0.txt', 'a\nb\na\n'), {ran: 'a'}),
  settled('D content changed, size and mtime kept', keepTimes, {ran: 'a b', a: 'b\nc\n', b: 'B\nC\n'}),
  settled('E command edited, same output', ground => ground.declare('plain', 'cat in/0.txt | sort -u'), {ran: 'a'}),
  settled('F output edited by hand', ground => ground.write(ground.a, 'edited\n'), {ran: ''}),
  settled('G outputs deleted', ground => [ground.a, ground.b].forEach(file => ground.remove(file)), {ran: ''}),
  {
    name: 'H runner and stage killed with half an output',
    async play(ground) {
      ground.declare('waits');
      const {child, code} = ground.start();
      await ground.until(() => ground.read('pid').trim() !== '');
      ground.killAll(child);
      await code;
      ground.write('gate', '');
      return judge(ground, await ground.run(), {ran: 'b'});
    },
  },
  {
    name: 'I input changed and put back',
    async play(ground) {
      ground.declare();
      await ground.run();
      ground.write('in/0.txt', 'c\n');
      const changed = judge(ground, await ground.run(), {ran: 'a b', a: 'c\n', b: 'C\n'});
      if (changed !== null) return changed;
      ground.write('in/0.txt', 'b\na\n');
      return judge(ground, await ground.run(), {ran: ''});
    },
  },
  {
    name: 'J two runs at once',
    async play(ground) {
      ground.declare('waits-first');
      const first = ground.start();
      const second = ground.start();
      await ground.until(() => ground.read('pid').trim() !== '' || [first, second].every(hasEnded));
      await new Promise(resolve => setTimeout(resolve, 1500));
      ground.write('gate', '');
      const codes = await Promise.all([first.code, second.code]);
      const ran = ground.ran.split(' ').sort().join(' ');
      return codes.every(code => code === 0)
        ? judge(ground, {ran, code: 0}, {ran: 'a b'})
        : `exit codes ${codes.join(' and ')}`;
    },
  },
  {
    name: 'K stage wrote half and failed',
    async play(ground) {
      ground.declare('fails');
      if ((await ground.run()).code === 0) return 'exit code 0 of a failed run';
      ground.write('gate', '');
      return judge(ground, await ground.run(), {ran: 'b'});
    },
  },
];

interface Expected {
  readonly ran: string;
  readonly a?: string;
  readonly b?: string;
}

function settled(name: string, touch: (ground: Playground) => void, expected: Expected): Situation {
  return {
    name,
    async play(ground) {
      ground.declare();
      const first = judge(ground, await ground.run(), {ran: 'a b'});
      if (first !== null) return `first run: ${first}`;
      // Some tools learn what they have written only now.
      await ground.run();
      touch(ground);
      return judge(ground, await ground.run(), expected);
    },
  };
}

const judge = (
  ground: Playground,
  {ran, code}: {readonly ran: string; readonly code: number | null},
  {ran: wanted, a = 'a\nb\n', b = 'A\nB\n'}: Expected,
): string | null => {
  if (code !== 0) return `exit code ${code ?? 'none'}`;
  if (ground.read(ground.b) !== b)
    return ground.read(ground.b) === '' ? 'an output is missing' : 'a wrong result is left';
  if (ground.read(ground.a) !== a)
    return ground.read(ground.a) === '' ? 'an output is missing' : 'a wrong file is left';
  return ran === wanted ? null : `ran ${ran === '' ? 'nothing' : ran}, not ${wanted === '' ? 'nothing' : wanted}`;
};

function keepTimes(ground: Playground): void {
  const [input, reference] = [ground.path('in/0.txt'), ground.path('reference')];
  execFileSync('cp', ['-p', input, reference]);
  ground.write('in/0.txt', 'b\nc\n');
  execFileSync('touch', ['-r', reference, input]);
  ground.remove('reference');
}

const hasEnded = ({child}: {readonly child: {readonly exitCode: number | null}}): boolean => child.exitCode !== null;
