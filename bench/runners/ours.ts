import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {repository} from '../harness/places.ts';
import type {RunnerPeer} from './runner-peer.ts';

/** The built command itself: npx and npm add their own time to whatever they start. */
const command = path.join(repository, 'dist', 'cli', 'cli.js');

export default {
  name: 'ours',
  programs: ['node'],
  write: (folder, {stages}) => {
    if (!existsSync(command)) throw new Error(`${command} is missing: run \`node bin/pipeline.js --version\` once`);
    const entries = stages.map(
      ({name, input, output}) => `  ${name}: {run: cat ${input} > ${output}, in: [${input}], out: [${output}]}`,
    );
    writeFileSync(path.join(folder, 'pipeline.yaml'), `version: 1\nstages:\n${entries.join('\n')}\n`);
  },
  run: () => [process.execPath, command, 'run', '--jobs', '2'],
  status: () => [process.execPath, command, 'status'],
} satisfies RunnerPeer;
