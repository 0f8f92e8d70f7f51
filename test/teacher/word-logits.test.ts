import {existsSync, readFileSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {createRandom} from '../../src/math/random.ts';
import {readEncoderFolder} from '../../src/models/encoder-folder.ts';
import {readEncoderWeights} from '../../src/models/encoder-weights.ts';
import {saveEncoder} from '../../src/models/save-encoder.ts';
import {openTokenizer} from '../../src/text/open-tokenizer.ts';
import {openRecordedWords, recordedBatch} from '../../src/training/mlm/recorded-words.ts';
import {openWordTeacher} from '../../src/training/mlm/student-folder.ts';
import {topWords, wholeRow} from '../../src/training/mlm/top-words.ts';
import {tripleLoss} from '../../src/training/mlm/triple-loss.ts';
import distilMlm from '../../stages/distil-mlm.ts';
import wordLogits from '../../stages/word-logits.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const tiny = fileURLToPath(new URL('../expected/tiny-bert', import.meta.url));
const vocabulary = 50;

const texts = (count: number): string[] => {
  const random = createRandom('letters');
  const letter = (): string => 'abcdefgh'[random.integer(8)]!;
  return Array.from({length: count}, () => Array.from({length: 2 + random.integer(6)}, letter).join(' '));
};

const writeSentences = async (text: readonly string[]): Promise<string> => {
  const file = join(await scratchFolder(), 'sentences.arrow');
  const writer = openArrowWriter(file, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await writer.append({id: Uint32Array.from(text.keys()), text, source: text.map(() => 'letters')});
  await writer.close();
  return file;
};

let sentences: string;
beforeAll(async () => {
  sentences = await writeSentences(texts(60));
});

describe('the largest logits of a place', () => {
  const softmax = (row: Float32Array, temperature: number): number[] => {
    const top = Math.max(...row);
    const powers = Array.from(row, value => Math.exp((value - top) / temperature));
    const sum = powers.reduce((total, value) => total + value, 0);
    return powers.map(value => value / sum);
  };

  it('keep their probabilities, and the others theirs together', () => {
    fc.assert(
      fc.property(
        fc.float32Array({minLength: 1, maxLength: 30, min: -20, max: 20, noNaN: true}),
        fc.integer({min: 1, max: 30}),
        fc.constantFrom(0.5, 1, 2),
        (row, wanted, temperature) => {
          const count = Math.min(wanted, row.length);
          const kept = topWords(row, count, temperature);
          const found = new Float32Array(row.length);
          wholeRow(found, kept);
          const [was, is] = [softmax(row, temperature), softmax(found, temperature)];
          for (const word of kept.words) expect(is[word]).toBeCloseTo(was[word]!, 5);
          const least = Math.min(...kept.logits);
          for (const [word, value] of row.entries()) if (!kept.words.includes(word)) expect(value).toBeLessThanOrEqual(least); // prettier-ignore
          expect([...kept.logits]).toEqual([...kept.logits].sort((a, b) => b - a));
        },
      ),
    );
  });

  it('are the row itself where all are kept, and the first of equal ones where not', () => {
    const row = Float32Array.of(1, 3, 3, -2, 3);
    const found = new Float32Array(5);
    wholeRow(found, topWords(row, 5, 2));
    expect(found).toEqual(row);
    expect([...topWords(row, 2, 2).words]).toEqual([1, 2]);
  });
});

const common = {maxTokens: 8, temperature: 2} as const;
const logitsOf = async (params: object, more: {folder?: string; signal?: AbortSignal; in?: object} = {}) =>
  runStage(wordLogits, {in: {sentences, model: tiny}, params: {...common, ...params}, ...more});

it.each(['masked', 'tokens'] as const)(
  'with as many words as there are, the loss is that of a teacher that runs beside (soft: %s)',
  async soft => {
    const {out} = await logitsOf({soft, top: 99, copies: 2});
    const {config} = readEncoderFolder(tiny);
    const {parameters} = readEncoderWeights(tiny, config, 'all');
    const engine = await openEngine({threads: 1});
    const words = openRecordedWords(out.logits, {texts: 60, vocabulary, scored: soft, ...common});
    const tokenizer = openTokenizer(tiny, vocabulary);
    const own = texts(60).map((text, row) => ({row, ids: tokenizer.encode(text, 8)}));
    const teacher = openWordTeacher(engine, parameters, config);
    // Another model than the teacher, so that there is a loss at all.
    const student = createPredictor({
      engine,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, {shape, data}]) => [name, {shape, data: data.map(x => x * 0.9)}]),
      ),
      forward: tripleLoss(config, {soft: 5, mlm: 2, cosine: 0, logits: 1}, 2, ['soft', 'mlm', 'logits']),
    });
    const seen: number[] = [];
    for (const epoch of [0, 1]) {
      const batch = recordedBatch(words, [own[3]!, own[41]!, own[0]!], {rows: 4, tokens: 8}, epoch);
      const beside = await teacher.run(batch);
      const [[recorded], [online]] = [await student.run(batch), await student.run({...batch, ...beside})];
      expect(recorded![0]).toBeGreaterThan(0.01);
      expect(recorded![0]).toBeCloseTo(online![0]!, 5);
      seen.push(recorded![0]!);
    }
    // Other words are hidden in the second copy.
    expect(seen[0]).not.toBeCloseTo(seen[1]!, 4);
    words.close();
    await teacher.close();
    await student.close();
  },
);

it('a run that was stopped goes on after its last chunk and writes the same bytes', async () => {
  const many = await writeSentences(texts(600));
  const input = {sentences: many, model: tiny};
  const whole = await logitsOf({top: 4}, {in: input});
  const folder = await scratchFolder();
  const first = join(folder, 'scratch/vector-chunks/0-0-512x9.f32');
  const throwIfAborted = (): void => {
    if (existsSync(first)) throw new Error('stopped');
  };
  const signal = {throwIfAborted} as AbortSignal;
  await expect(logitsOf({top: 4}, {in: input, folder, signal})).rejects.toThrow('stopped');
  const again = await logitsOf({top: 4}, {in: input, folder});
  expect(again.logs).toContain('512 texts were ready from an earlier attempt');
  expect(readFileSync(again.out.logits).equals(readFileSync(whole.out.logits))).toBe(true);
  const table = readArrow(again.out.logits);
  expect(table.columns).toEqual(['copy', 'text', 'token', 'piece', 'read', 'hidden', 'words', 'logits', 'rest']);
  expect(table.numbers('text').at(-1)).toBe(599);
  expect([...table.numbers('hidden')].every(value => value === 1)).toBe(true);
});

it('a disk that fills up is named, and a teacher without a head for words refused', async () => {
  const folder = await scratchFolder();
  symlinkSync('/dev/full', join(folder, 'word-logits.arrow'));
  await expect(logitsOf({}, {folder})).rejects.toThrow(/The disk is full: .*word-logits\.arrow could not be written/);
  const model = join(await scratchFolder(), 'headless');
  const {config} = readEncoderFolder(tiny);
  saveEncoder(model, {parameters: readEncoderWeights(tiny, config).parameters, parts: {}, from: tiny});
  await expect(logitsOf({}, {in: {sentences, model}})).rejects.toThrow('has no head that predicts words');
});

describe('distil-mlm with the file', () => {
  const student = (logits: string, more: object = {}, corpus = sentences) =>
    runStage(distilMlm, {
      in: {teacher: tiny, sentences: corpus, logits},
      params: {
        ...{sentences: 60, heldOut: 12, batch: 8, layers: 1, epochs: 4, learningRate: 0.003, seed: 1, soft: 'masked'},
        ...{...common, weights: {soft: 5, mlm: 2, cosine: 0}, ...more},
      } as never,
    });

  it('learns from it, the same bytes for the same seed', async () => {
    const {out} = await logitsOf({top: 5, storage: 'float16'});
    const [a, b] = [await student(out.logits), await student(out.logits)];
    const bytes = (run: typeof a): Buffer => readFileSync(join(run.out.student, 'model.safetensors'));
    expect(bytes(a).equals(bytes(b))).toBe(true);
    const {steps} = JSON.parse(readFileSync(a.out.metrics, 'utf8')) as {
      steps: {terms: Record<string, {value: number}>}[];
    };
    expect(Object.keys(steps[0]!.terms)).toEqual(['soft', 'mlm', 'logits']);
    expect(steps.at(-1)!.terms['soft']!.value).toBeLessThan(steps[0]!.terms['soft']!.value);
  });

  it('refuses one of other settings or other sentences, and the loss that needs states', async () => {
    const {out} = await logitsOf({top: 5});
    await expect(student(out.logits, {temperature: 3})).rejects.toThrow('temperature: 2 in the file, 3 here');
    await expect(student(out.logits, {soft: 'tokens'})).rejects.toThrow('scored: masked in the file, tokens here');
    await expect(student(out.logits, {weights: {cosine: 1}})).rejects.toThrow('set weights.cosine to 0');
    const others = await writeSentences(texts(120).slice(60));
    await expect(student(out.logits, {}, others)).rejects.toThrow('made of other sentences');
  });
});
