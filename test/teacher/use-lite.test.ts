import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readArrow} from '../../src/io/arrow.ts';
import type {UseLiteSession} from '../../src/models/use-lite-session.ts';
import {useLiteGraph} from '../../src/models/use-lite.ts';
import {openUseTokenizer} from '../../src/text/use-tokenizer.ts';
import {cosine, mean, openTeacher, weights} from './use-lite-rig.ts';

// 203 texts with the vectors of the original graph; the file's metadata say how they were made.
const expected = readArrow(fileURLToPath(new URL('../expected/use-lite.arrow', import.meta.url)));
const texts = expected.strings('text');
const vectors = expected.vectors('vector');
const {encode} = openUseTokenizer();

let teacher: UseLiteSession;
beforeAll(async () => {
  teacher = await openTeacher();
});
afterAll(() => teacher.close());

const embed = (batch: readonly string[]) => {
  const ids = batch.map(text => encode(text));
  return teacher.embed({ids, weights: ids.map(text => mean(text.length))});
};

describe('USE-lite as a dense ONNX graph', () => {
  it('gives the vectors of the original, in batches of mixed lengths', async () => {
    expect(texts.length).toBeGreaterThanOrEqual(200);
    let lowest = 1;
    let furthest = 0;
    for (let start = 0; start < texts.length; start += 32) {
      const got = await embed(texts.slice(start, start + 32));
      for (let row = start; row < Math.min(start + 32, texts.length); row++) {
        const vector = got.subarray((row - start) * 512, (row - start + 1) * 512);
        lowest = Math.min(lowest, cosine(vector, vectors.row(row)));
        furthest = vector.reduce(
          (far, value, at) => Math.max(far, Math.abs(value - (vectors.row(row)[at] ?? 0))),
          furthest,
        );
      }
    }
    expect(lowest).toBeGreaterThanOrEqual(0.99999);
    // Far below what a wrong constant changes (the layer norm's epsilon: 1e-5 and more), just above float32 rounding.
    expect(furthest).toBeLessThan(5e-6);
  });

  it('gives a text the same vector alone and beside a long one', async () => {
    const alone = await embed(['a cat']);
    const beside = await embed(['a cat', 'one two three '.repeat(100)]);
    expect(cosine(alone, beside.subarray(0, 512))).toBeGreaterThan(0.9999999);
  });

  it('pools by the weights it is given, and takes an empty text', async () => {
    const [ids] = [encode('the cat')];
    const one = await teacher.embed({ids: [ids], weights: [mean(ids.length)]});
    const other = await teacher.embed({ids: [ids], weights: [Float32Array.from(ids, (_, at) => (at === 0 ? 1 : 0))]});
    expect(cosine(one, other)).toBeLessThan(0.99);
    const empty = await embed(['', 'a']);
    expect(empty.every(Number.isFinite)).toBe(true);
  });

  it('pools the same states in several ways in one run', async () => {
    const ids = ['the cat', 'a much longer text about the sea'].map(text => encode(text));
    const first = (length: number) => Float32Array.from({length}, (_, at) => (at === 0 ? 1 : 0));
    const both = await teacher.embed({
      ids,
      weights: ids.map(({length}) => Float32Array.from([...mean(length), ...first(length)])),
      poolings: 2,
    });
    const [even, head] = [mean, first].map(way => teacher.embed({ids, weights: ids.map(({length}) => way(length))}));
    for (const row of [0, 1]) {
      const [one, two] = [0, 1].map(way => both.subarray((2 * row + way) * 512, (2 * row + way + 1) * 512));
      expect(cosine(one!, (await even!).subarray(row * 512, (row + 1) * 512))).toBeGreaterThan(0.9999999);
      expect(cosine(two!, (await head!).subarray(row * 512, (row + 1) * 512))).toBeGreaterThan(0.9999999);
      expect(cosine(one!, two!)).toBeLessThan(0.99);
    }
  });

  it('refuses weights of another model by name', () => {
    expect(() => useLiteGraph(new Map())).toThrow("not USE-lite's model: it has no weight module/Embeddings_en");
    const other = new Map(weights()).set('module/Embeddings_en', {shape: [3], data: new Float32Array(3)});
    expect(() => useLiteGraph(other)).toThrow('module/Embeddings_en is [3], expected [8002, 256]');
  });
});
