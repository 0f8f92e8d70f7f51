import type {Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {readEncoderFolder} from '../../models/encoder-folder.ts';
import {evenLayers, layersOf} from '../../models/encoder-layers.ts';
import {readEncoderWeights} from '../../models/encoder-weights.ts';
import type {Task} from '../../tasks/task.ts';
import {openTokenizer} from '../../text/open-tokenizer.ts';
import {bilstmStudent} from './bilstm-student.ts';
import type {StateOf} from './encoder-outputs.ts';
import {encoderStudent} from './encoder-student.ts';
import type {TaskStudent} from './student.ts';
import {openTaskTeacher} from './teacher.ts';
import type {EncoderStudentParams, TaskStudentParams} from './student-params.ts';

export interface OpenStudentOptions {
  readonly student: TaskStudentParams;
  readonly task: Task;
  /** The teacher's folder: its tokeniser, and what `start: teacher` takes. */
  readonly teacher: string;
  /** The folder of `start: folder`. */
  readonly start: string | null;
  readonly maxTokens: number;
  readonly stateOf: StateOf;
  readonly random: Random;
}

/** A student ready to be trained. */
export const openTaskStudent = (options: OpenStudentOptions): TaskStudent => {
  const {student, task, random} = options;
  const teacher = readEncoderFolder(options.teacher);
  const tokenizer = openTokenizer(teacher.folder, teacher.config.vocabulary);
  const common = {tokenizer, task, random: random.fork('student'), from: teacher.folder};
  if (student.model === 'bilstm') {
    const {vocabulary} = teacher.config;
    return bilstmStudent({...common, shape: student, vocabulary, maxTokens: options.maxTokens});
  }
  const {config, started} = startOf(student, teacher.config, options);
  if (task.shape === 'pair' && config.tokenTypes < 2 && student.start === 'random')
    throw new Error('A pair of texts needs two token types, and the teacher has none to take over.');
  return encoderStudent({
    ...common,
    ...{config, started, stateOf: options.stateOf, maxTokens: Math.min(options.maxTokens, config.positions)},
  });
};

/** The student's sizes, and the parameters that it takes over. */
const startOf = (
  {start, take, layers, dropout, ...sizes}: EncoderStudentParams,
  teacher: EncoderConfig,
  {teacher: teacherFolder, start: startFolder, task}: OpenStudentOptions,
): {config: EncoderConfig; started: Parameters} => {
  const given = (['width', 'heads', 'inner'] as const).filter(name => sizes[name] !== undefined);
  const rates = {dropout, attentionDropout: dropout};
  if (start === 'random') {
    const missing = (['width', 'heads', 'inner'] as const).filter(name => sizes[name] === undefined);
    if (missing.length > 0)
      throw new Error(`A student that starts from random weights needs \`${missing.join('`, `')}\`.`);
    const {width, heads, inner} = sizes as {width: number; heads: number; inner: number};
    if (width % heads !== 0) throw new Error(`The student's width ${width} is not a multiple of its ${heads} heads.`);
    return {config: {...teacher, layers, width, heads, inner, ...rates}, started: {}};
  }
  if (given.length > 0)
    throw new Error(`A student that starts from the ${start} has its sizes: leave out \`${given.join('`, `')}\`, or write start: random.`); // prettier-ignore
  const place = start === 'teacher' ? teacherFolder : startFolder;
  if (place === null) throw new Error('`start: folder` needs the folder: give it as `start` in `in`.');
  const {folder, config} = readEncoderFolder(place);
  if (config.vocabulary !== teacher.vocabulary)
    throw new Error(`${folder} knows ${config.vocabulary} pieces, the teacher ${teacher.vocabulary}; a student reads the teacher's pieces.`); // prettier-ignore
  // A fine-tuned teacher's head knows the task already; any other folder's was trained for something else.
  const parameters =
    start === 'teacher'
      ? openTaskTeacher(folder, task).parameters
      : withoutHead(readEncoderWeights(folder, config, 'all'));
  const taken = take === 'even' ? evenLayers(config.layers, layers) : take;
  if (taken.length !== layers) throw new Error(`\`take\` names ${taken.length} layers, the student has ${layers}.`);
  return {config: {...config, layers, ...rates}, started: layersOf(parameters, taken, folder)};
};

const withoutHead = ({parameters}: {readonly parameters: Parameters}): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => !/^(classifier|cls)\./.test(name)));
