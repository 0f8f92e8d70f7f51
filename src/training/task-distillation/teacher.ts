import fs from 'node:fs';
import path from 'node:path';
import {createPredictor} from '../../engine/predictor.ts';
import type {Batch, Engine, HostTensor, Parameters, Predictor} from '../../engine/types.ts';
import type {TeacherNeeds} from '../../methods/task-method.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {readEncoderFolder} from '../../models/encoder-folder.ts';
import {readEncoderWeights} from '../../models/encoder-weights.ts';
import {readTaskHeads} from '../../models/task-heads-file.ts';
import type {Task} from '../../tasks/task.ts';
import {openTokenizer} from '../../text/open-tokenizer.ts';
import type {PieceTokenizer} from '../../text/tokenizer.ts';
import {encoderOutputs} from './encoder-outputs.ts';
import type {StateOf} from './encoder-outputs.ts';

/** A fine-tuned encoder with a head on its pooled first token, its outputs in the order of the task's labels. */
export interface TaskTeacher {
  readonly folder: string;
  readonly config: EncoderConfig;
  /** With `classifier.weight` and `classifier.bias`, rows in the task's order. */
  readonly parameters: Parameters;
  readonly tokenizer: PieceTokenizer;
  /** Whether the head's score passes through a sigmoid. */
  readonly sigmoid: boolean;
}

export const openTaskTeacher = (place: string, task: Task): TaskTeacher => {
  const {folder, config} = readEncoderFolder(place);
  const tokenizer = openTokenizer(folder, config.vocabulary);
  const heads = readTaskHeads(folder);
  const own = heads?.[task.name];
  if (heads && !own) throw new Error(`${folder} has no head for the task "${task.name}"; it was trained on ${Object.keys(heads).join(', ')}.`); // prettier-ignore
  const {parameters, parts} = readEncoderWeights(folder, config, own ? {pooler: true} : 'all');
  if (!own && (parts.labels === undefined || !parts.pooler))
    throw new Error(`${folder} has no head for labels (pooler and classifier). Give the output of finetune-teacher, or another BertForSequenceClassification.`); // prettier-ignore
  const head = own ?? {
    ...{weight: parameters['classifier.weight']!, bias: parameters['classifier.bias']!},
    ...{labels: labelNames(folder, parts.labels!), sigmoid: false},
  };
  const order = columnOrder(task, head.labels, head.bias.shape[0]!, folder);
  return {
    ...{folder, config, tokenizer, sigmoid: head.sigmoid},
    parameters: {
      ...parameters,
      'classifier.weight': rowsOf(head.weight, order),
      'classifier.bias': rowsOf(head.bias, order),
    },
  };
};

const labelNames = (folder: string, labels: number): readonly string[] | null => {
  const content = JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8')) as {
    readonly id2label?: Readonly<Record<string, string>>;
  };
  const names = Array.from({length: labels}, (_, at) => content.id2label?.[at] ?? `LABEL_${at}`);
  return names.some(name => /^LABEL_\d+$/.test(name)) ? null : names;
};

/** For each output of the task the teacher's: by name, or by position where the teacher has no names. */
const columnOrder = (task: Task, names: readonly string[] | null, outputs: number, folder: string): number[] => {
  const expected = task.kind === 'classification' ? task.labels : [task.name];
  if (outputs !== expected.length)
    throw new Error(`The head of ${folder} has ${outputs} outputs, the task "${task.name}" has ${expected.length} (${expected.join(', ')}).`); // prettier-ignore
  if (names === null || task.kind === 'regression') return expected.map((_, at) => at);
  const own = names.map(name => task.labelNames?.[name] ?? name);
  const order = expected.map(label => own.indexOf(label));
  if (order.includes(-1))
    throw new Error(`${folder} names its outputs ${names.join(', ')}; the task "${task.name}" has ${expected.join(', ')}.`); // prettier-ignore
  return order;
};

const rowsOf = ({shape, data}: HostTensor, order: readonly number[]): HostTensor => {
  const size = data.length / shape[0]!;
  const rows = new Float32Array(data.length);
  for (const [to, from] of order.entries()) rows.set(data.subarray(from * size, (from + 1) * size), to * size);
  return {shape, data: rows};
};

/** Runs a teacher, dropout off, on batches of pieces: tensors by the names under which a student's step wants them. */
export const openTeacherOutputs = (
  engine: Engine,
  {config, parameters}: TaskTeacher,
  needs: Pick<TeacherNeeds, 'states' | 'tokens' | 'scores' | 'logits'>,
  stateOf: StateOf,
): {
  run(batch: Batch): Promise<Record<string, {dtype: 'float32'; shape: readonly number[]; data: Float32Array}>>;
  close(): Promise<void>;
} => {
  const names = [
    ...(needs.logits ? ['teacher.logits'] : []),
    ...needs.states.map(layer => `teacher.state.${layer}`),
    ...needs.tokens.map(layer => `teacher.tokens.${layer}`),
    ...needs.scores.map(layer => `teacher.scores.${layer}`),
  ];
  const predictor: Predictor = createPredictor({
    engine,
    parameters,
    forward: (p, batch, ctx) => {
      const found = encoderOutputs(p, batch, ctx, {config, stateOf, scores: needs.scores.length > 0});
      return [
        ...(needs.logits ? [found.logits] : []),
        ...needs.states.map(found.state),
        ...needs.tokens.map(found.tokens),
        ...needs.scores.map(found.scores),
      ];
    },
  });
  const shapeOf = (name: string, [batch, tokens]: readonly [number, number], size: number): readonly number[] => {
    if (name.startsWith('teacher.tokens')) return [batch, tokens, config.width];
    if (name.startsWith('teacher.scores')) return [batch, config.heads, tokens, tokens];
    return [batch, size / batch];
  };
  return {
    run: async batch => {
      const arrays = await predictor.run(batch);
      const shape = batch['ids']!.shape as unknown as [number, number];
      return Object.fromEntries(
        names.map((name, at) => {
          const data = arrays[at]!;
          return [name, {dtype: 'float32' as const, shape: shapeOf(name, shape, data.length), data}];
        }),
      );
    },
    close: () => predictor.close(),
  };
};
