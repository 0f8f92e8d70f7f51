import {checked, parseJson} from './checked.ts';
import {InputError} from './input-error.ts';
import {resultsSchema, type Results} from './results.ts';

/** The schema that is written; older ones are read. */
const newest = 1;

/**
 * Reads results.json; `where` names the file in the message of what is wrong with it. What an older version did not
 * write yet is filled in: an old commit can be compared for ever.
 */
export const parseResults = (text: string, where: string): Results => {
  const json = parseJson(text, where);
  const schema = isRecord(json) ? json['schema'] : undefined;
  if (typeof schema === 'number' && schema > newest)
    throw new InputError(
      `${where} has schema ${schema}, and this version reads up to ${newest}: it was written by a newer version, take that one.`,
    );
  return checked(resultsSchema, isRecord(json) && schema !== newest ? upgraded(json) : json, where);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Before schema 1 a file had scores, perhaps without split and metric, and need not have had anything else. */
const upgraded = (json: Readonly<Record<string, unknown>>): unknown => ({
  pipeline: '',
  profile: '',
  tests: [],
  published: [],
  ...json,
  scores: Array.isArray(json['scores'])
    ? json['scores'].map((score: unknown) =>
        isRecord(score) ? {split: 'dev', metric: 'score', seed: null, ...score} : score,
      )
    : json['scores'],
  schema: newest,
});
