import {cpSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {encodeModel} from '../../src/io/onnx.ts';
import {readSafetensors, writeSafetensors} from '../../src/io/safetensors.ts';
import type {SafeTensor} from '../../src/io/safetensors.ts';
import {readEncoderFolder} from '../../src/models/encoder-folder.ts';
import {encoderGraph} from '../../src/models/encoder-graph.ts';
import {openEncoderSession} from '../../src/models/encoder-session.ts';
import {readEncoderWeights} from '../../src/models/encoder-weights.ts';
import {scratchFolder} from '../stage-rig.ts';

const expected = (name: string): string => fileURLToPath(new URL(`../expected/${name}`, import.meta.url));
const tiny = expected('tiny-bert');

/** A copy of the tiny model whose tensors went through `change`. */
const changed = async (
  change: (tensors: Record<string, SafeTensor>) => Record<string, SafeTensor>,
): Promise<string> => {
  const folder = join(await scratchFolder(), 'model');
  cpSync(tiny, folder, {recursive: true});
  const file = join(folder, 'model.safetensors');
  writeSafetensors(file, change({...readSafetensors(file).tensors}));
  return folder;
};

const read = (folder: string) => readEncoderWeights(folder, readEncoderFolder(folder).config);

describe('the weights of a folder', () => {
  it('are found under the names of old checkpoints, and heads are left out', async () => {
    const {parameters} = read(tiny);
    const old = await changed(tensors =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [
          name
            .replace('LayerNorm.weight', 'LayerNorm.gamma')
            .replace('LayerNorm.bias', 'LayerNorm.beta')
            .replace(/^bert\./, '0.auto_model.'),
          tensor,
        ]),
      ),
    );
    const found = read(old);
    expect(found.parameters).toEqual(parameters);
    expect(found.unexpected).toEqual([]);
    expect(Object.keys(parameters)).not.toContain('classifier.weight');
    expect(readEncoderWeights(tiny, readEncoderFolder(tiny).config, 'all').parts).toEqual({
      pooler: true,
      mlm: true,
      labels: 3,
    });
  });

  it('that are missing, of another shape or unknown are all listed', async () => {
    const folder = await changed(({'bert.embeddings.LayerNorm.bias': _, ...tensors}) => ({
      ...tensors,
      'bert.encoder.layer.1.output.dense.bias': {shape: [4, 4], data: new Float32Array(16)},
      'bert.encoder.layer.0.adapter.weight': {shape: [1], data: new Float32Array(1)},
    }));
    expect(() => read(folder)).toThrow(
      /embeddings\.LayerNorm\.bias \[16\] is missing\n.*layer\.1\.output\.dense\.bias is \[4, 4\], expected \[16\]\nTensors that no BERT has:\n {2}encoder\.layer\.0\.adapter\.weight/,
    );
  });

  it('twice under two names are an error', async () => {
    const folder = await changed(tensors => ({
      ...tensors,
      'embeddings.LayerNorm.gamma': tensors['bert.embeddings.LayerNorm.weight']!,
    }));
    expect(() => read(folder)).toThrow(/has embeddings\.LayerNorm\.weight twice/);
  });

  it('may lie in several files', async () => {
    const folder = await changed(tensors => tensors);
    const file = join(folder, 'model.safetensors');
    const entries = Object.entries(readSafetensors(file).tensors);
    const parts = {'a.safetensors': entries.slice(0, 20), 'b.safetensors': entries.slice(20)};
    for (const [name, part] of Object.entries(parts)) writeSafetensors(join(folder, name), Object.fromEntries(part));
    rmSync(file);
    const weight_map = Object.fromEntries(
      Object.entries(parts).flatMap(([name, part]) => part.map(([key]) => [key, name])),
    );
    writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({weight_map}));
    expect(read(folder).parameters).toEqual(read(tiny).parameters);
    rmSync(join(folder, 'b.safetensors'));
    expect(() => read(folder)).toThrow(/names files that are not there: b\.safetensors/);
  });
});

describe('a folder', () => {
  const folderWith = async (files: Record<string, unknown>): Promise<string> => {
    const folder = join(await scratchFolder(), 'model');
    cpSync(tiny, folder, {recursive: true});
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), {recursive: true});
      writeFileSync(join(folder, name), JSON.stringify(content));
    }
    return folder;
  };
  const modules = (...types: string[]) =>
    types.map((type, idx) => ({
      idx,
      name: String(idx),
      path: idx === 0 ? '' : `${idx}_${type}`,
      type: `sentence_transformers.models.${type}`,
    }));

  it("says what sentence-transformers' modules say", async () => {
    expect(readEncoderFolder(tiny)).toMatchObject({pooling: 'mean', normalize: false, maxPieces: 12, prefix: ''});
    const folder = await folderWith({
      'modules.json': modules('Transformer', 'Pooling', 'Normalize'),
      '1_Pooling/config.json': {pooling_mode_cls_token: true, pooling_mode_mean_tokens: false},
      'sentence_bert_config.json': {max_seq_length: 8},
      'config_sentence_transformers.json': {prompts: {query: 'query: '}, default_prompt_name: 'query'},
    });
    expect(readEncoderFolder(folder)).toMatchObject({pooling: 'cls', normalize: true, maxPieces: 8, prefix: 'query: '});
  });

  it('with anything that cannot be run is refused', async () => {
    await expect(async () => readEncoderFolder('/nowhere')).rejects.toThrow(/folder \/nowhere does not exist/);
    const dense = await folderWith({'modules.json': modules('Transformer', 'Pooling', 'Dense')});
    expect(() => readEncoderFolder(dense)).toThrow(/has the module Dense; only Transformer, Pooling, Normalize/);
    const max = await folderWith({
      'modules.json': modules('Transformer', 'Pooling'),
      '1_Pooling/config.json': {pooling_mode_max_tokens: true},
    });
    expect(() => readEncoderFolder(max)).toThrow(/pooling "max_tokens"; expected mean_tokens or cls_token/);
    const other = await folderWith({'config.json': {model_type: 'gpt2', hidden_size: 'wide'}});
    expect(() => readEncoderFolder(other)).toThrow(/model_type: .*\n {2}hidden_size: /);
  });
});

describe('the graph', () => {
  // bench/reference/tiny_bert.py: torch 2.13.0, transformers 5.23.0.
  const outputs = readSafetensors(join(tiny, 'outputs.safetensors')).tensors;
  const texts = [
    [2, 7, 9, 11, 13, 3],
    [2, 21, 3, 33, 3],
    [2, 49, 3],
  ];

  it("of a tiny model gives PyTorch's states whatever the padding, and a vector of every layer", async () => {
    const {config} = readEncoderFolder(tiny);
    const {parameters} = read(tiny);
    const open = (also: 'states' | 'layers') =>
      openEncoderSession({model: encodeModel(encoderGraph({config, parameters, normalize: false, also})), threads: 1});
    const [states, layers] = await Promise.all([open('states'), open('layers')]);
    // The second text has token types in the expected values, which a text by itself has not.
    for (const rows of [[0, 2], [2]]) {
      const batch = {
        ids: rows.map(row => Int32Array.from(texts[row]!)),
        weights: rows.map(row => new Float32Array(texts[row]!.length).fill(1 / texts[row]!.length)),
      };
      const found = await states.run(batch);
      const tokens = Math.max(...batch.ids.map(ids => ids.length));
      const ofLayers = (await layers.run(batch))['layers']!;
      rows.forEach((row, at) => {
        const mean = new Float32Array(16);
        for (let token = 0; token < texts[row]!.length; token++) {
          for (let dim = 0; dim < 16; dim++) {
            const value = outputs['states']!.data[(row * 6 + token) * 16 + dim]!;
            expect(found['states']![(at * tokens + token) * 16 + dim]).toBeCloseTo(value, 5);
            mean[dim]! += value / texts[row]!.length;
          }
        }
        for (let dim = 0; dim < 16; dim++) {
          expect(found['vector']![at * 16 + dim]).toBeCloseTo(mean[dim]!, 5);
          expect(ofLayers[(at * 3 + 2) * 16 + dim]).toBeCloseTo(mean[dim]!, 5);
        }
      });
    }
    await Promise.all([states.close(), layers.close()]);
  });
});
