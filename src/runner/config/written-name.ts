import {readFileSync} from 'node:fs';
import {parseDocument} from 'yaml';
import {defaultName, type PipelineLocation} from './find-pipeline.ts';

/** The name that a run would take, from a file of which nothing else is looked at; it need not be a valid pipeline. */
export const writtenName = (location: PipelineLocation): string => {
  const name = nameIn(readFileSync(location.file, 'utf8'));
  const isScalar = typeof name === 'string' || typeof name === 'number' || typeof name === 'boolean';
  return isScalar ? String(name) : defaultName(location);
};

const nameIn = (text: string): unknown => {
  try {
    const top: unknown = parseDocument(text).toJS();
    return typeof top === 'object' && top !== null && 'name' in top ? top.name : undefined;
  } catch {
    return undefined;
  }
};
