import fs from 'node:fs';
import path from 'node:path';
import type {Engine} from '../../engine/types.ts';
import {openEncoderTeacher} from '../../models/encoder-teacher.ts';
import type {Task} from '../../tasks/task.ts';
import {openTaskModel} from './open-model.ts';
import {predictTask} from './predict.ts';

/** A model to be timed on texts, and what it is. */
export interface TimedModel {
  readonly name: string;
  /** Of its weights' file. */
  readonly bytes: number;
  readonly parameters: number;
  /** Sizes of an encoder; absent where there are none. */
  readonly layers?: number;
  readonly hidden?: number;
  readonly feedForward?: number;
  readonly encode: (texts: readonly string[]) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

const maxTokens = 128;

/** A trained model of a task: an encoder on the fused operators that teachers run on, a BiLSTM on the engine. */
export const openTimedModel = async (folder: string, task: Task, engine: Engine): Promise<TimedModel> => {
  const bytes = fs.statSync(path.join(folder, 'model.safetensors')).size;
  const {student, parameters} = openTaskModel(folder, task, maxTokens);
  const count = Object.values(parameters).reduce((sum, {data}) => sum + data.length, 0);
  if (student.facts.model === 'bilstm') {
    return {
      ...{name: `BiLSTM to ${student.facts.width}`, bytes, parameters: count, close: () => Promise.resolve()},
      encode: texts => {
        const examples = texts.map((text, at) => ({id: String(at), text1: text, text2: task.shape === 'pair' ? text : null, label: null})); // prettier-ignore
        return predictTask(engine, student, parameters, examples, task.kind === 'classification' ? task.labels.length : 1); // prettier-ignore
      },
    };
  }
  const encoder = await openEncoderTeacher({folder, threads: engine.threads});
  const {layers, width} = student.facts;
  const feedForward = parameters['encoder.layer.0.intermediate.dense.weight']!.shape[0]!;
  return {
    ...{name: `encoder ${layers} × ${width}`, bytes, parameters: count, layers, hidden: width, feedForward},
    encode: texts => encoder.embed(texts),
    close: () => encoder.session.close(),
  };
};
