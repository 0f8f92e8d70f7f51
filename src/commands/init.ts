import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {Command} from '@commander-js/extra-typings';
import {printNote, printResult} from './output.ts';
import {UserError} from './user-error.ts';

const pipelineYaml = `# Stages that run only when what they depend on has changed: run \`pipeline run\` twice, then edit
# data/text.txt or a value below and run it again. \`pipeline why longest\` tells what each stage depends on.
version: 1
vars:
  shortest: 4

stages:
  words: # one word a line, each once
    run: tr -cs '[:alpha:]' '\\n' < data/text.txt | sort -u > artifacts/words.txt
    in: [data/text.txt]
    out: [artifacts/words.txt]

  longest:
    run: awk -v least=\${params.least} 'length($0) >= least' artifacts/words.txt > artifacts/longest.txt
    in: ["@words"]
    params: {least: "\${shortest}"}
    out: [artifacts/longest.txt]
`;

const files: Readonly<Record<string, string>> = {
  'pipeline.yaml': pipelineYaml,
  'data/text.txt': 'the student reads what the teacher wrote and learns to say it in fewer words\n',
};

const ignored = '.pipeline/\nartifacts/\n';

export const initCommand = () =>
  new Command('init').description('write a small pipeline that works into the current folder').action(() => {
    const taken = Object.keys(files).filter(path => existsSync(path));
    if (taken.length > 0)
      throw new UserError(
        `${taken.join(' and ')} ${taken.length > 1 ? 'are' : 'is'} here already; nothing was written`,
      );
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join('.', path)), {recursive: true});
      writeFileSync(path, text, {flag: 'wx'});
      printResult(`wrote ${path}`);
    }
    if (!existsSync('.gitignore')) {
      writeFileSync('.gitignore', ignored, {flag: 'wx'});
      printResult('wrote .gitignore');
    } else {
      printNote('.gitignore is here already: see that it holds .pipeline/ and artifacts/');
    }
    printResult('now: pipeline run');
  });
