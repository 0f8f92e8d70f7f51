import type {Engine, Parameters} from '../../engine/types.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {openLabelSession} from '../../models/label-session.ts';
import type {Example} from '../../tasks/task.ts';
import type {PieceTokenizer} from '../../text/tokenizer.ts';
import {inTaskRange} from '../targets.ts';
import {encodeTexts} from './encode.ts';
import {headBias, headWeight} from './heads.ts';
import type {HeadLayout, TaskHead} from './heads.ts';

export interface MultiTaskModel {
  readonly config: EncoderConfig;
  /** Of encoder, pooler and heads. */
  readonly parameters: Parameters;
  readonly layout: HeadLayout;
  readonly tokenizer: PieceTokenizer;
  readonly maxPieces: number;
  readonly sigmoid: boolean;
}

export interface MultiTaskPredictor {
  /** What predictions are written of, [example, outputs of the task]: logits, or scores in the task's own range. */
  predict(head: TaskHead, examples: readonly Example[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Pieces in one run, padding included. */
const budget = 2048;

/** Runs a trained model on the fused operators of ONNX Runtime; all heads are computed, and a task's columns are taken. */
export const openMultiTaskPredictor = async (
  {config, parameters, layout, tokenizer, maxPieces, sigmoid}: MultiTaskModel,
  engine: Pick<Engine, 'threads'>,
): Promise<MultiTaskPredictor> => {
  const {columns} = layout;
  const {[headWeight]: weight, [headBias]: bias, ...encoder} = parameters;
  const session = await openLabelSession({
    ...{config, labels: columns, threads: engine.threads, budget},
    parameters: {...encoder, 'classifier.weight': weight!, 'classifier.bias': bias!},
  });
  return {
    close: () => session.close(),
    predict: async ({task, start, outputs}, examples) => {
      const pieces = examples.map(({text1, text2}) => {
        const {ids, first} = encodeTexts(tokenizer, text1, text2, maxPieces);
        return {ids, types: new Int32Array(ids.length).fill(1, first)};
      });
      const all = await session.logits(pieces);
      const own = new Float32Array(examples.length * outputs);
      for (let row = 0; row < examples.length; row++)
        own.set(all.subarray(row * columns + start, row * columns + start + outputs), row * outputs);
      const isScore = task.kind === 'regression';
      return inTaskRange(task, isScore && sigmoid ? own.map(value => 1 / (1 + Math.exp(-value))) : own);
    },
  };
};
