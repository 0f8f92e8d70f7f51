import {closeSync, mkdirSync, openSync, writeFileSync, writeSync} from 'node:fs';
import path from 'node:path';
import {type Dag, makeDag, type RunnerPeer} from '../runners/runner-peer.ts';

/** A pipeline to measure with, what must lie there for it, and who can express it. */
export interface Shape {
  readonly name: string;
  readonly dag: Dag;
  /** Writes the root inputs. */
  readonly fill: (folder: string) => void;
  /** The file that is edited, and the output that must then hold its text; null where the text is not copied. */
  readonly edited: string;
  readonly result: string | null;
  /** Why a peer is not measured with it; null when it can be. */
  readonly without: (peer: RunnerPeer) => string | null;
  /** As one matrix stage, where the tool has such. */
  readonly isMatrix?: boolean;
  readonly onlyOurs?: boolean;
}

const tooLarge = ({mostStages = Infinity}: RunnerPeer, count: number): string | null =>
  count > mostStages ? `takes minutes with ${count} stages` : null;

const writeInputs = (folder: string, {inputs}: Dag): void => {
  for (const [index, input] of inputs.entries()) writeFileSync(path.join(folder, input), `input ${index}\n`);
};

/** Chains side by side: editing one root input makes one of them rerun. */
const chains = (count: number): Shape => {
  const dag = makeDag(count);
  return {
    name: `${count} stages`,
    dag,
    fill: folder => writeInputs(folder, dag),
    edited: 'in/0.txt',
    result: dag.stages.filter((_, index) => index % dag.inputs.length === 0).at(-1)!.output,
    without: peer => tooLarge(peer, count),
    onlyOurs: count > 1000,
  };
};

const matrix = (count: number, quick: boolean): Shape => {
  const dag: Dag = {
    stages: Array.from({length: count}, (_, index) => ({
      name: `s${index}`,
      input: 'in/0.txt',
      needs: null,
      output: `out/s${index}.txt`,
    })),
    inputs: ['in/0.txt'],
  };
  return {
    name: `a matrix of ${count}`,
    dag,
    fill: folder => writeInputs(folder, dag),
    edited: 'in/0.txt',
    result: `out/s${count - 1}.txt`,
    without: peer => (quick && peer.isSlow === true ? 'left out by --quick' : tooLarge(peer, count)),
    isMatrix: true,
  };
};

const folderOf = (count: number): Shape => ({
  name: `a folder of ${count} files`,
  dag: {
    stages: [{name: 's0', input: 'in', needs: null, output: 'out/s0.txt', command: 'ls in | wc -l > out/s0.txt'}],
    inputs: ['in'],
  },
  fill(folder) {
    for (let index = 0; index < count; index++) writeFileSync(path.join(folder, 'in', `${index}.txt`), `${index}\n`);
  },
  edited: 'in/0.txt',
  result: null,
  without: peer => (peer.takesFolders === true ? null : 'does not look into a folder'),
});

const fileOf = (mebibytes: number): Shape => ({
  name: `a file of ${mebibytes} MiB`,
  dag: {
    stages: [{name: 's0', input: 'in/big', needs: null, output: 'out/s0.txt', command: 'wc -c < in/big > out/s0.txt'}],
    inputs: ['in/big'],
  },
  fill(folder) {
    const descriptor = openSync(path.join(folder, 'in', 'big'), 'w');
    const block = Buffer.alloc(1 << 20, 'large files are read once');
    for (let index = 0; index < mebibytes; index++) writeSync(descriptor, block);
    closeSync(descriptor);
  },
  edited: 'in/big',
  result: null,
  without: () => null,
});

/** `--quick`: the same sizes but one, and fewer runs. */
export const shapes = (quick: boolean): readonly Shape[] => [
  chains(10),
  chains(100),
  chains(1000),
  ...(quick ? [] : [chains(10_000)]),
  matrix(1000, quick),
  folderOf(10_000),
  fileOf(1024),
];

/** A folder with all that a shape needs, the pipeline itself not yet. */
export const prepare = (folder: string, shape: Shape): void => {
  for (const name of ['in', 'out']) mkdirSync(path.join(folder, name));
  shape.fill(folder);
};
