import type {Parameters} from '../../engine/types.ts';
import {openStudentEncoder} from '../../models/student-encoder.ts';
import type {EncodedText, TextEncoder} from '../../models/encoded-text.ts';
import type {Example} from '../../tasks/task.ts';
import {fineTune, predictExamples} from './fine-tune.ts';
import type {EncodedExample} from './fine-tune.ts';
import {fitHead, predictByHead} from './fit-head.ts';
import type {ExampleVectors} from './fit-head.ts';
import type {Network} from './network.ts';
import {rowsOf} from '../../math/vector-rows.ts';
import type {TaskTraining} from './task-training.ts';

export interface ArmOptions extends TaskTraining {
  readonly mode: 'fine-tune' | 'frozen';
  readonly network: Network;
  readonly head: Parameters;
  readonly examples: readonly Example[];
  readonly checkpoints: string;
}

/** A trained arm: what it learnt, and its logits [example, outputs] for any examples. */
export interface TrainedArm {
  readonly parameters: Parameters;
  predict(examples: readonly Example[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Trains the whole network, or the head alone on the student's vectors, which are then computed once. */
export const trainArm = (options: ArmOptions): Promise<TrainedArm> =>
  options.mode === 'frozen' ? trainFrozen(options) : trainWhole(options);

const encodeExample =
  (encodeText: TextEncoder) =>
  ({text1, text2}: Example): EncodedExample =>
    text2 === null ? [encodeText(text1)] : [encodeText(text1), encodeText(text2)];

const trainWhole = async (options: ArmOptions): Promise<TrainedArm> => {
  const {network} = options;
  const encode = encodeExample(network.encodeText);
  const parameters = await fineTune({
    ...options,
    parameters: {...network.parameters, ...options.head},
    student: network.network,
    examples: options.examples.map(encode),
  });
  return {
    parameters,
    predict: examples => predictExamples({...options, parameters, student: network.network}, examples.map(encode)),
    close: async () => {},
  };
};

const trainFrozen = async (options: ArmOptions): Promise<TrainedArm> => {
  const {network, engine} = options;
  const encoder = openStudentEncoder({...network, engine});
  const encode = encodeExample(network.encodeText);
  const vectorsOf = async (examples: readonly Example[]): Promise<ExampleVectors> => {
    const encoded = examples.map(encode);
    const side = async (at: 0 | 1) =>
      rowsOf(await encoder.encode(encoded.map(example => example[at] as EncodedText)), network.width);
    return encoded[0]?.length === 2 ? [await side(0), await side(1)] : [await side(0)];
  };
  const parameters = await fitHead({
    ...options,
    parameters: options.head,
    vectors: await vectorsOf(options.examples),
    examples: options.examples.length,
  });
  return {
    parameters: {...network.parameters, ...parameters},
    predict: async examples =>
      examples.length === 0
        ? new Float32Array(0)
        : predictByHead({...options, parameters, vectors: await vectorsOf(examples), examples: examples.length}),
    close: () => encoder.close(),
  };
};
