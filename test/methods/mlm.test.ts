import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {openArrowWriter} from '../../src/io/arrow.ts';
import {createRandom} from '../../src/math/random.ts';
import {readEncoderFolder} from '../../src/models/encoder-folder.ts';
import {evenLayers} from '../../src/models/encoder-layers.ts';
import {readEncoderWeights} from '../../src/models/encoder-weights.ts';
import {maskingProbabilities, maskWords} from '../../src/training/mlm/masking.ts';
import {wordBatch} from '../../src/training/mlm/word-batch.ts';
import {wordOutputs} from '../../src/training/mlm/word-model.ts';
import distilMlm from '../../stages/distil-mlm.ts';
import pretrainMlm from '../../stages/pretrain-mlm.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import {tiny} from './rig.ts';

let sentences: string;
beforeAll(async () => {
  sentences = join(await scratchFolder(), 'sentences.arrow');
  const random = createRandom('letters');
  // Each letter is followed by itself: what a hidden one was can be learnt.
  const text = Array.from({length: 120}, () => {
    const letter = 'abcdefgh'[random.integer(8)]!;
    return Array.from({length: 6}, () => letter).join(' ');
  });
  const writer = openArrowWriter(sentences, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await writer.append({id: Uint32Array.from(text.keys()), text, source: text.map(() => 'letters')});
  await writer.close();
});

describe('which words are hidden', () => {
  const texts = Array.from({length: 200}, (_, at) => Int32Array.of(2, 5, 6, 7, 8, 5, 5, 9 + (at % 3), 3));
  const special = [0, 1, 2, 3, 4];
  const probabilities = maskingProbabilities(texts, {vocabulary: 20, special, smoothing: 0.7});
  const hide = (seed: number) => maskWords(texts, {share: 0.15, probabilities, maskId: 4}, createRandom(seed));

  it('chances are count^−.7, at least one counted, and 0 for special pieces', () => {
    expect(probabilities[5]).toBeCloseTo(600 ** -0.7, 12);
    expect(probabilities[9]).toBeCloseTo(67 ** -0.7, 12);
    expect(probabilities[19]).toBe(1);
    expect(special.map(id => probabilities[id])).toEqual([0, 0, 0, 0, 0]);
  });

  it('⌈.15 · tokens⌉ of the batch, rare words rather than common ones, eight of ten as [MASK] and one as it was', () => {
    const counts = {hidden: 0, common: 0, rare: 0, mask: 0, kept: 0};
    for (let seed = 0; seed < 40; seed++) {
      const {ids, places} = hide(seed);
      expect(places).toHaveLength(Math.ceil(0.15 * 200 * 9));
      expect(new Set(places.map(({text, token}) => text * 9 + token)).size).toBe(places.length);
      for (const {text, token} of places) {
        const [was, is] = [texts[text]![token]!, ids[text]![token]!];
        expect(special).not.toContain(was);
        counts.hidden++;
        if (was === 5) counts.common++;
        if (was >= 9) counts.rare++;
        if (is === 4) counts.mask++;
        if (is === was) counts.kept++;
      }
    }
    // Three places of 5 a text and one of a rare word; drawn evenly it would be 3 to 1.
    expect(counts.rare).toBeGreaterThan(counts.common);
    expect(counts.mask / counts.hidden).toBeCloseTo(0.8, 1);
    // A tenth, and of another tenth one in twenty draws what was there.
    expect(counts.kept / counts.hidden).toBeCloseTo(0.105, 1);
  });

  it('other words in another step, the same for the same seed', () => {
    expect(hide(1)).toEqual(hide(1));
    expect(hide(1)).not.toEqual(hide(2));
  });
});

it("words at chosen places have PyTorch's logits", async () => {
  const {config} = readEncoderFolder(tiny);
  const {parameters} = readEncoderWeights(tiny, config, 'all');
  const predictor = createPredictor({
    engine: await openEngine({backend: 'jit', threads: 1}),
    parameters,
    forward: (p, b, ctx) => wordOutputs(p, b, ctx, config).logits,
  });
  // The third text of bench/reference/tiny_bert.py, of token type 0 throughout, with its row of outputs.
  const text = Int32Array.of(2, 49, 3);
  const masked = {ids: [text], places: [{text: 0, token: 1}]};
  const [logits] = await predictor.run(wordBatch([text], masked, {rows: 1, tokens: 6, scored: 'tokens', share: 0.15}));
  await predictor.close();
  const {readSafetensors} = await import('../../src/io/safetensors.ts');
  const expected = readSafetensors(join(tiny, 'outputs.safetensors')).tensors['mlm']!.data.subarray(12 * 50, 15 * 50);
  for (let at = 0; at < 150; at++) expect(logits![at]).toBeCloseTo(expected[at]!, 4);
});

const common = {sentences: 120, heldOut: 30, maxTokens: 12, batch: 16, seed: 1};
interface Metrics {
  readonly perplexity: {readonly before: number; readonly after: number; readonly teacher: number};
  readonly steps: readonly {readonly loss: number; readonly terms: Record<string, {value: number; weighted: number}>}[];
}
const metricsOf = (file: string): Metrics => JSON.parse(readFileSync(file, 'utf8')) as Metrics;

describe('stages', () => {
  let teacher: string;
  beforeAll(async () => {
    const {out} = await runStage(pretrainMlm, {
      in: {model: tiny, sentences},
      params: {...common, epochs: 15, learningRate: 0.003},
    });
    teacher = out.model;
    const {before, after} = metricsOf(out.metrics).perplexity;
    expect(after).toBeLessThan(before / 3);
    expect(readEncoderWeights(teacher, readEncoderFolder(teacher).config, 'all').parts).toEqual({
      mlm: true,
      pooler: true,
    });
  }, 60_000);

  const student = (more: object = {}, folder?: string, signal?: AbortSignal) =>
    runStage(distilMlm, {
      in: {teacher, sentences},
      params: {...common, layers: 1, epochs: 2, accumulate: 2, checkpointSteps: 2, ...more},
      ...(folder !== undefined && {folder}),
      ...(signal && {signal}),
    });

  it('the student has layers of the teacher, no token types and no pooler, and is closer to it afterwards', async () => {
    const {out} = await student({learningRate: 0.002, epochs: 6});
    const {config} = readEncoderFolder(out.student);
    expect(config).toMatchObject({layers: 1, tokenTypes: 1, width: 16});
    const {parameters, parts} = readEncoderWeights(out.student, config, 'all');
    expect(parts).toEqual({pooler: false, mlm: true});
    expect(parameters['embeddings.token_type_embeddings.weight']!.data.every(x => x === 0)).toBe(true);
    const {perplexity, steps} = metricsOf(out.metrics);
    expect(perplexity.after).toBeLessThan(perplexity.before);
    expect(Object.keys(steps[0]!.terms)).toEqual(['soft', 'mlm', 'cosine', 'logits']);
    expect(steps.at(-1)!.terms['soft']!.value).toBeLessThan(steps[0]!.terms['soft']!.value);
  });

  it('a term that is left out changes no other in the first step, where the teacher is learnt at all tokens or at hidden ones', async () => {
    for (const soft of ['tokens', 'masked']) {
      const whole = metricsOf((await student({soft})).out.metrics).steps[0]!.terms;
      const without = metricsOf((await student({soft, weights: {mlm: 0}})).out.metrics).steps[0]!.terms;
      expect(without['mlm']).toEqual({value: whole['mlm']!.value, weighted: 0});
      for (const name of ['soft', 'cosine', 'logits']) expect(without[name]).toEqual(whole[name]);
      expect(whole['soft']!.weighted).toBeCloseTo(5 * whole['soft']!.value, 4);
    }
  });

  it('a training that was stopped ends with the bytes of one that was not; another seed gives others', async () => {
    const bytes = (out: {student: string; metrics: string}): Buffer[] =>
      [join(out.student, 'model.safetensors'), out.metrics].map(file => readFileSync(file));
    const whole = bytes((await student()).out);
    const folder = await scratchFolder();
    const controller = new AbortController();
    const checkpoint = join(folder, 'scratch', 'checkpoint.safetensors');
    const watch = setInterval(() => existsSync(checkpoint) && controller.abort(), 2);
    await expect(student({}, folder, controller.signal)).rejects.toThrow();
    clearInterval(watch);
    const resumed = bytes((await student({}, folder)).out);
    expect(resumed.every((own, at) => own.equals(whole[at]!))).toBe(true);
    expect(bytes((await student({seed: 2})).out)[0]!.equals(whole[0]!)).toBe(false);
  });

  it('says what is wrong', async () => {
    await expect(student({layers: 3})).rejects.toThrow(/3 layers are wanted of an encoder that has 2/);
    await expect(student({take: [0, 1]})).rejects.toThrow(/names 2 layers, `layers` is 1/);
    await expect(student({heldOut: 120})).rejects.toThrow(/nothing is left to learn from/);
    await expect(runStage(distilMlm, {in: {teacher, sentences}, params: {...common, layers: 1, learningRate: 0}})).rejects.toThrow(/learningRate/); // prettier-ignore
  });
});

it('every other layer: the ones that DistilBERT was started from', () => {
  expect(evenLayers(12, 6)).toEqual([0, 2, 4, 7, 9, 11]);
  expect(evenLayers(6, 3)).toEqual([0, 3, 5]);
  expect(evenLayers(6, 1)).toEqual([0]);
});
