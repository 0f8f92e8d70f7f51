import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {createRig} from './rig.ts';

const root = join(import.meta.dirname, '..');

/** The blocks of commands, each with what the document says that they print. */
const blocks = [
  ...readFileSync(join(root, 'docs/commands.md'), 'utf8').matchAll(/```sh\n([^]*?)```\n(?:```text\n([^]*?)```)?/g),
].map(([, commands, printed]) => ({commands: commands!.trim().split('\n'), printed: printed ?? ''}));

/** Times, sizes, hashes and what pads them are another machine's. */
const masked = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{12}\b/g, 'HASH')
    .replace(/\d+(\.\d+)?/g, '#')
    .replace(/ (min|s|B|MB|kB)\b/g, ' U')
    .replace(/, CPU # U|, # U(?=\n)/g, '')
    .replace(/ +/g, ' ');

test('docs/commands.md, from its beginning to its end', async () => {
  const rig = createRig();
  expect(blocks.length).toBeGreaterThan(8);
  for (const {commands, printed} of blocks) {
    let all = '';
    for (const command of commands) {
      expect(command).toMatch(/^npx pipeline /);
      const line = command.replace(/^npx pipeline/, `"${process.execPath}" "${join(root, 'bin/pipeline.js')}"`);
      const options = {
        cwd: rig.root,
        shell: true,
        all: true,
        reject: false,
        env: {NO_COLOR: '1', FORCE_COLOR: undefined}, // with both set, Node prints a warning of its own
      } as const;
      const result = await execa(line, options);
      expect(result.exitCode, `${command}\n${result.all}`).toBe(0);
      if (result.all !== '') all += `${result.all}\n`;
    }
    expect(masked(all), commands.join('\n')).toBe(masked(printed));
  }
});

test('the document names every command', async () => {
  const {stdout} = await createRig().run('--help');
  const names = [...stdout.slice(stdout.indexOf('\nCommands:')).matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name!);
  const document = readFileSync(join(root, 'docs/commands.md'), 'utf8');
  expect(names.length).toBeGreaterThan(10);
  for (const name of names.filter(each => each !== 'help')) {
    expect(document, name).toMatch(new RegExp(`pipeline ${name}|^## .*\\b${name}\\b`, 'm'));
  }
});
