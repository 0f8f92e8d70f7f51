import {writeFileSync} from 'node:fs';
import path from 'node:path';
import type {RunnerPeer} from './runner-peer.ts';

export default {
  name: 'snakemake',
  programs: ['snakemake'],
  write: (folder, {stages}) => {
    const rules = stages.map(
      ({name, input, output}) =>
        `rule ${name}:\n    input: "${input}"\n    output: "${output}"\n    shell: "cat {input} > {output}"\n`,
    );
    const all = `rule all:\n    input: ${JSON.stringify(stages.map(({output}) => output))}\n`;
    writeFileSync(path.join(folder, 'Snakefile'), `${all}\n${rules.join('\n')}`);
  },
  run: ([snakemake]) => [snakemake!, '--cores', '2', '--quiet', 'all'],
  status: ([snakemake]) => [snakemake!, '--cores', '2', '--dry-run', '--quiet', 'all'],
  mostStages: 100,
} satisfies RunnerPeer;
