import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {repository} from '../harness/places.ts';
import {commandOf, type RunnerPeer} from './runner-peer.ts';

/** The built command itself: npx and npm add their own time to whatever they start. */
const command = path.join(repository, 'dist', 'cli', 'cli.js');

export default {
  name: 'ours',
  programs: ['node'],
  write: (folder, {stages}) => {
    if (!existsSync(command)) throw new Error(`${command} is missing: run \`node bin/pipeline.js --version\` once`);
    const entries = stages.map(
      stage => `  ${stage.name}: {run: ${commandOf(stage)}, in: [${stage.input}], out: [${stage.output}]}`,
    );
    writeFileSync(path.join(folder, 'pipeline.yaml'), `version: 1\nstages:\n${entries.join('\n')}\n`);
  },
  writeMatrix: (folder, {stages, inputs: [input]}) => {
    const text = `  s: {matrix: {i: {range: [0, ${stages.length - 1}]}}, run: 'cat ${input} > out/s\${i}.txt', in: [${input}], out: ['out/s\${i}.txt']}`;
    writeFileSync(path.join(folder, 'pipeline.yaml'), `version: 1\nstages:\n${text}\n`);
  },
  takesFolders: true,
  run: () => [process.execPath, command, 'run', '--jobs', '2'],
  status: () => [process.execPath, command, 'status'],
} satisfies RunnerPeer;
