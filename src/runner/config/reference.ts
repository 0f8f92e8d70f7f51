import type {Problems} from './config-error.ts';
import type {Place} from './source-text.ts';

/** `@stage{axis=value}.output`, taken apart. */
export interface Reference {
  readonly stage: string;
  /** The part in braces; a value is as written, plain or escaped as in an instance id. */
  readonly select: ReadonlyMap<string, string>;
  /** null: all outputs of the stage. */
  readonly output: string | null;
}

const pattern = /^@([^{}.@,=/\s]+)(?:\{([^{}]*)\})?(?:\.([^{}/\s]+))?$/;

export const parseReference = (text: string, place: Place, problems: Problems): Reference | null => {
  const match = pattern.exec(text);
  if (match === null) {
    problems.add('bad-reference', place, `"${text}" is not a reference to an output`, {
      expected: '@stage, @stage.output or @stage{axis=value}.output',
      suggestion: `For a file of that name write "./${text}"`,
    });
    return null;
  }
  const select = new Map<string, string>();
  for (const part of match[2] === undefined ? [] : match[2].split(',')) {
    const equals = part.indexOf('=');
    const axis = part.slice(0, equals).trim();
    if (equals <= 0 || select.has(axis)) {
      problems.add('bad-reference', partOf(place, part), `cannot read {${match[2]}} in "${text}"`, {
        expected: '{axis=value,axis=value}, each axis once',
      });
      return null;
    }
    select.set(axis, part.slice(equals + 1).trim());
  }
  return {stage: match[1]!, select, output: match[3] ?? null};
};

/** The place of a part of a text, where the source shows it as it is. */
export const partOf = (place: Place, part: string): Place => {
  const at = part === '' ? -1 : place.source.text.slice(place.start, place.end).indexOf(part);
  return at === -1 ? place : {source: place.source, start: place.start + at, end: place.start + at + part.length};
};
