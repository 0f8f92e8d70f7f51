import {mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {openArrowWriter} from '../src/io/arrow.ts';
import {embedWithStage} from './embedding/minilm.ts';
import {repository, work} from './harness/places.ts';
import {lowerIsBetter} from './harness/row.ts';
import type {Bench} from './harness/row.ts';

/**
 * The largest memory that the stage embed-teacher takes for corpora of more and more short lines, with an encoder so small
 * that ten million take minutes: what grows with a corpus would be seen. Largest so far, so the order is ascending.
 */
export default {
  name: 'embed-memory',
  run: async function* ({quick}) {
    for (const count of quick ? [50_000, 500_000] : [100_000, 1_000_000, 10_000_000]) {
      const corpus = await writeLines(count);
      await embedWithStage({corpus, folder: tiny, precision: 'float32', threads: 1, batchPieces: 16_384});
      yield lowerIsBetter({
        ...{bench: 'embed-memory', case: `${count.toLocaleString('en')} lines`, threads: 1, unit: 'MB', runs: 1},
        ...{ours: process.resourceUsage().maxRSS / 1024, peer: 'most that is allowed', theirs: 600},
      });
      rmSync(corpus);
    }
  },
} satisfies Bench;

/** Two layers, 16 wide. */
const tiny = path.join(repository, 'test/expected/tiny-bert');

const batch = 4096;

const writeLines = async (count: number): Promise<string> => {
  mkdirSync(work, {recursive: true});
  const file = path.join(work, 'embed-lines.arrow');
  const writer = openArrowWriter(file, {id: 'uint32', text: 'utf8', source: 'utf8'});
  for (let start = 0; start < count; start += batch) {
    const id = Uint32Array.from({length: Math.min(batch, count - start)}, (_, row) => start + row);
    const text = Array.from(id, row => `${'abcdefgh'[row & 7]} ${'cab bad ea dab'.split(' ')[row % 4]}`);
    await writer.append({id, text, source: text.map(() => 'bench')});
  }
  await writer.close();
  return file;
};
