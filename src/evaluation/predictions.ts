import {openArrowWriter, readArrow} from '../io/arrow.ts';
import type {Example, Split, Task} from '../tasks/task.ts';

/** What a model says of each example of one split, with where it came from: one Arrow file a task, arm, split and seed. */
export interface Predictions {
  readonly task: string;
  readonly split: Split;
  readonly arm: string;
  /** Axis values other than task and seed, e.g. `{labels: '1000'}`. */
  readonly axis: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly ids: readonly string[];
  /** null where the label is private. Names for classification, numbers for regression. */
  readonly labels: readonly (string | number | null)[];
  readonly predictions: readonly (string | number)[];
  /** [example, label] for classification, [example, 1] for regression. */
  readonly logits: Float32Array;
}

/** A classifier's prediction is the label with the largest logit (the first of equals); a regressor's is its one number. */
export const predictionsOf = (task: Task, examples: readonly Example[], logits: Float32Array) => {
  const width = task.kind === 'classification' ? task.labels.length : 1;
  if (logits.length !== examples.length * width)
    throw new Error(`Internal error: ${logits.length} logits for ${examples.length} examples of "${task.name}".`);
  const row = (at: number): Float32Array => logits.subarray(at * width, (at + 1) * width);
  return {
    ids: examples.map(example => example.id),
    labels: examples.map(({label}) => (label === null || task.kind === 'classification' ? label : Number(label))),
    predictions: examples.map((_, at) =>
      task.kind === 'classification' ? task.labels[row(at).indexOf(Math.max(...row(at)))]! : row(at)[0]!,
    ),
    logits,
  };
};

/** Columns id, label, prediction, logits; the rest stands in the schema's metadata. */
export const writePredictions = async (path: string, task: Task, p: Predictions): Promise<void> => {
  const type = task.kind === 'classification' ? 'utf8' : 'float64';
  const width = task.kind === 'classification' ? task.labels.length : 1;
  const writer = openArrowWriter(
    path,
    {id: 'utf8', label: {type, nullable: true}, prediction: type, logits: {float32: width}},
    {metadata: {task: p.task, split: p.split, arm: p.arm, axis: JSON.stringify(p.axis), seed: String(p.seed)}},
  );
  const columns = {id: p.ids, label: p.labels, prediction: p.predictions, logits: p.logits};
  await writer.append(columns as Parameters<typeof writer.append>[0]);
  await writer.close();
};

export const readPredictions = (path: string, task: Task): Predictions => {
  const table = readArrow(path);
  const isText = task.kind === 'classification';
  const unknown = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return {
    ...predictionsOrigin(path),
    ids: table.strings('id'),
    labels: isText ? table.nullableStrings('label') : Array.from(table.numbers('label'), unknown),
    predictions: isText ? table.strings('prediction') : Array.from(table.numbers('prediction')),
    logits: Float32Array.from(table.vectors('logits').parts.flatMap(part => Array.from(part))),
  };
};

/** Task, split, arm, axis and seed of a file of predictions, without reading its rows. */
export const predictionsOrigin = (path: string): Pick<Predictions, 'task' | 'split' | 'arm' | 'axis' | 'seed'> => {
  const {metadata} = readArrow(path);
  const value = (name: string): string => {
    const text = metadata.get(name);
    if (text === undefined) throw new Error(`${path}: expected predictions, found an Arrow file without "${name}".`);
    return text;
  };
  return {
    task: value('task'),
    split: value('split') as Split,
    arm: value('arm'),
    axis: JSON.parse(value('axis')) as Record<string, string>,
    seed: Number(value('seed')),
  };
};
