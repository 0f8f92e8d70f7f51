import {readFileSync} from 'node:fs';
import path from 'node:path';
import {z} from 'zod';
import {costSchema, type Cost} from './cost.ts';
import {curveSchema, type Curve} from './curves.ts';
import type {Fact} from './facts.ts';
import {InputError} from './input-error.ts';
import {checked, parseJson} from './checked.ts';
import {compareCodeUnits} from './order.ts';
import {scoreSchema, testSchema, type Score, type Test} from './results.ts';
import {trainingSchema, type Training} from './training-curves.ts';

/** A file that the report reads, with the instance that wrote it. */
export interface SourceFile {
  readonly path: string;
  readonly stage?: string;
  readonly axis: Readonly<Record<string, string>>;
}

/** How messages name a file: by who wrote it, since its path says little to a reader. */
export const originOf = ({stage, axis, path: file}: SourceFile): string => {
  const values = Object.entries(axis).map(([name, value]) => `${name}=${value}`);
  return stage === undefined ? path.basename(file) : values.length > 0 ? `${stage}@${values.join(',')}` : stage;
};

const readJson = (file: SourceFile): unknown => {
  const where = `${path.basename(file.path)} of ${originOf(file)}`;
  let text: string;
  try {
    text = readFileSync(file.path, 'utf8');
  } catch (error) {
    throw new InputError(`${where} can't be read: ${(error as Error).message}`, {cause: error});
  }
  return parseJson(text, where);
};

const readChecked = <S extends z.ZodType>(schema: S, file: SourceFile): z.output<S> =>
  checked(schema, readJson(file), `${path.basename(file.path)} of ${originOf(file)}`);

const without = (axis: Readonly<Record<string, string>>, pooled: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(axis).filter(([name]) => !pooled.includes(name)));

/** All scores; a run that two files hold is counted once where they agree, and an error where they don't. */
export const readScores = (files: readonly SourceFile[], pooled: readonly string[]): Score[] => {
  const schema = z.looseObject({scores: z.array(scoreSchema)});
  const runs = new Map<string, {score: Score; from: SourceFile}>();
  for (const from of files) {
    for (const score of readChecked(schema, from).scores) {
      const {task, split, metric, arm, axis, seed, value} = score;
      const id = JSON.stringify([task, split, metric, arm, axis, seed]);
      const other = runs.get(id);
      if (other && other.score.value !== value)
        throw new InputError(
          `${metric} of arm ${arm} on ${task} ${split}, seed ${seed ?? 'none'}, is ${other.score.value} in ${originOf(other.from)} and ${value} in ${originOf(from)}: ` +
            'give the two an axis that tells them apart, or select one of them in `in`.',
        );
      runs.set(id, {score, from});
    }
  }
  return [...runs.values()].map(({score}) => ({...score, axis: without(score.axis, pooled)}));
};

export const readTests = (files: readonly SourceFile[], pooled: readonly string[]): Test[] => {
  const schema = z.looseObject({tests: z.array(testSchema)});
  return files
    .flatMap(file => readChecked(schema, file).tests)
    .map(test => (test.axis ? {...test, axis: without(test.axis, pooled)} : test));
};

/**
 * Two arms may share a method and differ in the vectors that they match: where an instance has one of the axes `arms`,
 * its value is the arm.
 */
export const readCurves = (files: readonly SourceFile[], arms: readonly string[]): Curve[] =>
  files.map(file => {
    const from = file.stage === undefined ? {} : {from: originOf(file)};
    const curve = {...readChecked(curveSchema, file), ...from};
    const axis = arms.find(name => name in file.axis);
    return axis === undefined ? curve : {...curve, arm: file.axis[axis] ?? curve.arm};
  });

/** In the order of tasks, then arms and seeds, since the order of files says nothing. */
export const readTrainings = (files: readonly SourceFile[], pooled: readonly string[]): Training[] =>
  files
    .map(file => readChecked(trainingSchema, file))
    .map(training => ({...training, axis: without(training.axis, pooled)}))
    .toSorted((x, y) => compareCodeUnits(x.arm, y.arm) || (x.seed ?? -1) - (y.seed ?? -1));

export const readCost = (files: readonly SourceFile[]): Cost | null => {
  const [first, second] = files;
  if (second)
    throw new InputError(`Expected one measurement of cost, found ${files.length}: ${files.map(originOf).join(', ')}.`);
  return first ? readChecked(costSchema, first) : null;
};

export const readFacts = (files: readonly SourceFile[]): Fact[] =>
  files.map(file => ({origin: originOf(file), json: readJson(file)}));
