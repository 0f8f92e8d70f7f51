import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {encodeModel} from '../../src/io/onnx.ts';
import {readSafetensors} from '../../src/io/safetensors.ts';
import type {SafeTensor} from '../../src/io/safetensors.ts';
import {encoderStates} from '../../src/models/encoder.ts';
import type {EncoderConfig} from '../../src/models/encoder-config.ts';
import {readEncoderFolder} from '../../src/models/encoder-folder.ts';
import {encoderGraph} from '../../src/models/encoder-graph.ts';
import {openEncoderSession} from '../../src/models/encoder-session.ts';
import {readEncoderWeights} from '../../src/models/encoder-weights.ts';
import type {Parameters} from '../../src/engine/types.ts';
import {openTokenizer} from '../../src/text/open-tokenizer.ts';
import {e5Folder, minilmFolder} from './real-models.ts';

const expected = (name: string): string => fileURLToPath(new URL(`../expected/${name}`, import.meta.url));
const sentences = JSON.parse(readFileSync(expected('encoder-sentences.json'), 'utf8')) as string[];

/** Last hidden states of padded texts, [text, token, width]. */
interface Form {
  states(ids: readonly Int32Array[]): Promise<Float32Array>;
  close(): Promise<void>;
}
type OpenForm = (config: EncoderConfig, parameters: Parameters) => Promise<Form>;

/** The fused graph that embeds a corpus. */
const fused: OpenForm = async (config, parameters) => {
  const model = encodeModel(encoderGraph({config, parameters, normalize: false, also: 'states'}));
  const session = await openEncoderSession({model, threads: 2});
  return {
    states: async ids => {
      const weights = ids.map(own => new Float32Array(own.length).fill(1 / own.length));
      return (await session.run({ids, weights}))['states']!;
    },
    close: () => session.close(),
  };
};

/** The tfjs operations that are trained, through the engine. */
const trained: OpenForm = async (config, parameters) => {
  const predictor = createPredictor({
    engine: await openEngine({backend: 'jit', threads: 2}),
    parameters,
    forward: (p, b, ctx) =>
      encoderStates(p, {ids: b['ids']!, mask: b['mask']!, types: b['types']!}, ctx, config).at(-1)!,
  });
  return {
    states: async texts => {
      const shape = [texts.length, Math.max(...texts.map(own => own.length))];
      const data = new Int32Array(shape[0]! * shape[1]!);
      const mask = new Float32Array(data.length);
      for (const [row, own] of texts.entries()) {
        data.set(own, row * shape[1]!);
        mask.fill(1, row * shape[1]!, row * shape[1]! + own.length);
      }
      const [states] = await predictor.run({
        ids: {dtype: 'int32', shape, data},
        types: {dtype: 'int32', shape, data: new Int32Array(data.length)},
        mask: {dtype: 'float32', shape, data: mask},
      });
      return states!;
    },
    close: () => predictor.close(),
  };
};

/** The largest difference to PyTorch's states: 32 numbers of each sentence, spread over its pieces and dimensions. */
const worstDifference = async (folder: string, file: string, prefix: string, open: OpenForm): Promise<number> => {
  // bench/reference/encoder_expected.py: torch 2.13.0, transformers 5.23.0, each sentence by itself.
  const {states, tokens} = readSafetensors(expected(file)).tensors as Record<'states' | 'tokens', SafeTensor>;
  const found = readEncoderFolder(folder);
  const {width} = found.config;
  const form = await open(found.config, readEncoderWeights(found.folder, found.config).parameters);
  const tokenizer = openTokenizer(found.folder, found.config.vocabulary);
  let worst = 0;
  for (let start = 0; start < sentences.length; start += 20) {
    const ids = sentences.slice(start, start + 20).map(text => tokenizer.encode(prefix + text, 256));
    const padded = Math.max(...ids.map(own => own.length));
    const result = await form.states(ids);
    ids.forEach((own, at) => {
      const i = start + at;
      expect(own.length).toBe(tokens.data[i]);
      for (let k = 0; k < 32; k++) {
        const place = (at * padded + ((31 * k + 7 * i) % own.length)) * width + ((97 * k + 13 * i) % width);
        worst = Math.max(worst, Math.abs(result[place]! - states.data[i * 32 + k]!));
      }
    });
  }
  await form.close();
  return worst;
};

/** The same of the mean vectors, of the first and the last ten sentences. */
const worstMeanDifference = async (folder: string, file: string, prefix: string): Promise<number> => {
  const {mean} = readSafetensors(expected(file)).tensors as Record<'mean', SafeTensor>;
  const found = readEncoderFolder(folder);
  const {parameters} = readEncoderWeights(found.folder, found.config);
  const tokenizer = openTokenizer(found.folder, found.config.vocabulary);
  const session = await openEncoderSession({
    model: encodeModel(encoderGraph({config: found.config, parameters, normalize: false})),
    threads: 2,
  });
  const ids = [...sentences.slice(0, 10), ...sentences.slice(-10)].map(text => tokenizer.encode(prefix + text, 256));
  const weights = ids.map(text => new Float32Array(text.length).fill(1 / text.length));
  const vectors = await session.embed({ids, weights});
  await session.close();
  return vectors.reduce((worst, value, at) => Math.max(worst, Math.abs(value - mean.data[at]!)), 0);
};

const minilm = minilmFolder();
const e5 = e5Folder();
describe.each([
  {
    name: 'MiniLM (needs `bash bench/setup.sh embed` or DISTILL_MINILM)',
    folder: minilm,
    file: 'encoder-minilm.safetensors',
    prefix: '',
  },
  {name: 'E5 (needs the data folder)', folder: e5, file: 'encoder-e5.safetensors', prefix: 'query: '},
])('of 200 sentences, $name', ({folder, file, prefix}) => {
  it.skipIf(folder === null).each([
    {form: 'the fused graph', open: fused},
    {form: 'the form that is trained', open: trained},
  ])("$form has PyTorch's last hidden states to 2e-5", async ({open}) => {
    const worst = await worstDifference(folder!, file, prefix, open);
    expect(worst).toBeLessThan(2e-5);
    expect(worst).toBeGreaterThan(0);
  });

  it.skipIf(folder === null)("has PyTorch's mean vectors to 2e-5", async () => {
    const worst = await worstMeanDifference(folder!, file, prefix);
    expect(worst).toBeLessThan(2e-5);
    expect(worst).toBeGreaterThan(0);
  });
});
