import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {commandOf, type RunnerPeer} from './runner-peer.ts';

export default {
  name: 'snakemake',
  programs: ['snakemake'],
  write: (folder, {stages}) => {
    const rules = stages.map(
      stage =>
        `rule ${stage.name}:\n    input: "${stage.input}"\n    output: "${stage.output}"\n    shell: "${commandOf(stage)}"\n`,
    );
    const all = `rule all:\n    input: ${JSON.stringify(stages.map(({output}) => output))}\n`;
    writeFileSync(path.join(folder, 'Snakefile'), `${all}\n${rules.join('\n')}`);
  },
  run: ([snakemake]) => [snakemake!, '--cores', '2', '--quiet', 'all'],
  status: ([snakemake]) => [snakemake!, '--cores', '2', '--dry-run', '--quiet', 'all'],
  mostStages: 100,
  isSlow: true,
} satisfies RunnerPeer;
