import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {encodeModel} from '../../src/io/onnx.ts';
import {readSafetensors} from '../../src/io/safetensors.ts';
import {createRandom} from '../../src/math/random.ts';
import {parseEncoderConfig} from '../../src/models/encoder-config.ts';
import {encoderGraph} from '../../src/models/encoder-graph.ts';
import {openEncoderSession} from '../../src/models/encoder-session.ts';
import {openEncoderTeacher} from '../../src/models/encoder-teacher.ts';
import {readEncoderWeights} from '../../src/models/encoder-weights.ts';
import {scratchFolder} from '../stage-rig.ts';

const expected = (name: string): string => fileURLToPath(new URL(`../expected/${name}`, import.meta.url));
const tiny = expected('tiny-bert');
const settings = JSON.parse(readFileSync(join(tiny, 'config.json'), 'utf8')) as Record<string, unknown>;

/** The three texts of bench/reference/tiny_bert.py; the second is a pair. */
const ids = [[2, 7, 9, 11, 13, 3], [2, 21, 3, 33, 3], [2, 49, 3]].map(own => Int32Array.from(own)); // prettier-ignore
const types = [
  [0, 0, 0, 0, 0, 0],
  [0, 0, 0, 1, 1],
  [0, 0, 0],
].map(own => Int32Array.from(own));
const weights = ids.map(own => new Float32Array(own.length).fill(1 / own.length));

const run = async (activation: string) => {
  const config = parseEncoderConfig({...settings, hidden_act: activation}, 'config.json');
  const {parameters, parts} = readEncoderWeights(tiny, config, 'all');
  const graph = encoderGraph({
    config,
    parameters,
    normalize: false,
    also: 'states',
    pairs: true,
    labels: parts.labels!,
  });
  const session = await openEncoderSession({model: encodeModel(graph), threads: 1});
  const found = await session.run({ids, types, weights});
  await session.close();
  return found;
};

const worst = (found: Float32Array, peer: Float32Array): number =>
  found.reduce((most, value, at) => {
    const [row, token] = [Math.floor(at / 96), Math.floor(at / 16) % 6];
    return token < ids[row]!.length ? Math.max(most, Math.abs(value - peer[at]!)) : most;
  }, 0);

describe("the graph has PyTorch's numbers", () => {
  it('for pairs, with the logits of a head', async () => {
    // bench/reference/tiny_bert.py: torch 2.13.0, transformers 5.23.0.
    const {states, labels} = readSafetensors(join(tiny, 'outputs.safetensors')).tensors;
    const found = await run('gelu');
    expect(worst(found['states']!, states!.data)).toBeLessThan(2e-5);
    expect(found['logits']).toHaveLength(9);
    found['logits']!.forEach((value, at) => expect(value).toBeCloseTo(labels!.data[at]!, 4));
  });

  it.each(['gelu_new', 'gelu_pytorch_tanh', 'relu'])('with the activation %s', async activation => {
    // bench/reference/activations.py: torch 2.13.0, transformers 5.23.0.
    const peer = readSafetensors(expected('tiny-activations.safetensors')).tensors[activation]!.data;
    expect(worst((await run(activation))['states']!, peer)).toBeLessThan(2e-5);
  });
});

describe('an exported graph', () => {
  const [vocabulary, width] = [50, 16];
  const random = createRandom(1);
  const table = Float32Array.from({length: vocabulary * width}, () => random.normal());

  /** A folder whose "encoder" looks up embeddings and shifts them by the mask, which must be 1 on tokens. */
  const exported = async (output = 'last_hidden_state', input = 'attention_mask'): Promise<string> => {
    const folder = join(await scratchFolder(), 'model');
    cpSync(tiny, folder, {recursive: true});
    rmSync(join(folder, 'model.safetensors'));
    mkdirSync(join(folder, 'onnx'));
    const perToken = ['batch', 'token'];
    const model = encodeModel({
      ...{name: 'exported', opset: 17},
      nodes: [
        {op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['embedded'], attributes: {axis: 0}},
        {op: 'Cast', inputs: [input], outputs: ['mask'], attributes: {to: 1}},
        {op: 'Unsqueeze', inputs: ['mask', 'last'], outputs: ['shift']},
        {op: 'Add', inputs: ['embedded', 'shift'], outputs: [output]},
      ],
      initializers: [
        {name: 'table', dtype: 'float32', shape: [vocabulary, width], data: table},
        {name: 'last', dtype: 'int64', shape: [1], data: BigInt64Array.of(-1n)},
      ],
      inputs: ['input_ids', input].map(name => ({name, dtype: 'int64' as const, shape: perToken})),
      outputs: [{name: output, dtype: 'float32', shape: [...perToken, width]}],
    });
    writeFileSync(join(folder, 'onnx', 'model.onnx'), model);
    return folder;
  };

  it('is run as it is and pooled by the mean of the pieces, whatever the padding', async () => {
    const teacher = await openEncoderTeacher({folder: await exported(), threads: 1});
    const texts = ['a cab', 'b', ''];
    const found = await teacher.embed(texts);
    for (const [row, text] of texts.entries()) {
      const own = teacher.tokenizer.encode(text);
      for (let dim = 0; dim < width; dim++) {
        const sum = own.reduce((total, id) => total + table[id * width + dim]! + 1, 0);
        expect(found[row * width + dim]).toBeCloseTo(sum / own.length, 5);
      }
    }
    await teacher.session.close();
  });

  it('is refused with other inputs or outputs, and with what it cannot do', async () => {
    const open = async (folder: string, more = {}) => openEncoderTeacher({folder, threads: 1, ...more});
    await expect(open(await exported('logits'))).rejects.toThrow(/takes input_ids, attention_mask and gives logits/);
    await expect(open(await exported('last_hidden_state', 'pixels'))).rejects.toThrow(/takes input_ids, pixels/);
    const folder = await exported();
    await expect(open(folder, {precision: 'int8'})).rejects.toThrow(/can only be run as it is/);
    await expect(open(folder, {layers: true})).rejects.toThrow(/can only be run as it is/);
  });
});
