import fs from 'node:fs';
import path from 'node:path';
import type {Parameters} from '../../engine/types.ts';
import {readSafetensors} from '../../io/safetensors.ts';
import {createRandom} from '../../math/random.ts';
import type {Task} from '../../tasks/task.ts';
import {openTokenizer} from '../../text/open-tokenizer.ts';
import {bilstmStudent} from './bilstm-student.ts';
import type {BilstmConfig} from './bilstm-student.ts';
import {encoderStudent} from './encoder-student.ts';
import type {TaskStudent} from './student.ts';
import {openTaskTeacher} from './teacher.ts';

/** A trained model of a task, ready to predict. */
export interface TaskModel {
  readonly student: TaskStudent;
  readonly parameters: Parameters;
  /** Whether its scores still pass through a sigmoid. */
  readonly sigmoid: boolean;
}

/** Opens what distil-task wrote, or a fine-tuned encoder: both know one task. */
export const openTaskModel = (folder: string, task: Task, maxTokens: number): TaskModel => {
  const file = path.join(folder, 'config.json');
  const config = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<BilstmConfig>) : {};
  // Drawn and then replaced: what a network consists of is known to the code that starts one.
  const random = createRandom(0);
  if (config.model === 'bilstm-task') {
    const shape = config as BilstmConfig;
    if (shape.task !== task.name) throw new Error(`${folder} learnt the task "${shape.task}", not "${task.name}".`);
    const {vocabulary} = shape;
    const tokenizer = openTokenizer(folder, vocabulary);
    const limit = Math.min(maxTokens, shape.maxTokens);
    return {
      student: bilstmStudent({shape, tokenizer, vocabulary, maxTokens: limit, task, random, from: folder}),
      parameters: readSafetensors(path.join(folder, 'model.safetensors')).tensors,
      sigmoid: false,
    };
  }
  const teacher = openTaskTeacher(folder, task);
  const {config: shape, tokenizer, parameters, sigmoid} = teacher;
  const student = encoderStudent({
    ...{config: shape, tokenizer, task, stateOf: 'cls', random, from: folder, started: parameters},
    maxTokens: Math.min(maxTokens, shape.positions),
  });
  return {student, parameters: student.initial, sigmoid};
};
