import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, expect, test} from 'vitest';
import embedPieces from '../../stages/embed-pieces.ts';
import embedTeacher from '../../stages/embed-teacher.ts';
import embedTokens from '../../stages/embed-tokens.ts';
import idf from '../../stages/idf.ts';
import trainStudent from '../../stages/train-student.ts';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {createRandom} from '../../src/math/random.ts';
import {initBilstm} from '../../src/models/bilstm.ts';
import {bilstmPieces} from '../../src/models/bilstm-pieces.ts';
import {openStudentNetwork} from '../../src/models/open-student.ts';
import {sentenceBatch} from '../../src/models/sentence-batch.ts';
import {readStudent} from '../../src/models/student-folder.ts';
import {openTextEncoder} from '../../src/models/student-tokens.ts';
import {sentences as randomSentences, shape} from '../engine/student.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const encoder = join(import.meta.dirname, '../expected/tiny-bert');
const names = ['ann', 'bob', 'cat', 'dog', 'eel', 'fox', 'gnu', 'hen'];
const texts = Array.from({length: 160}, (_, at) =>
  Array.from({length: 2 + (at % 2)}, (_, word) => names[(at * (word + 3) + (at >> 3) * word) % names.length]).join(' '),
);
const files = {sentences: '', vectors: '', idf: '', tokens: '', tokenizer: ''};
let pieces: string;

beforeAll(async () => {
  files.sentences = join(await scratchFolder(), 'sentences.arrow');
  const writer = openArrowWriter(files.sentences, {id: 'uint32', text: 'utf8', source: 'utf8'});
  await writer.append({id: Uint32Array.from(texts.keys()), text: texts, source: texts.map(() => 'x')});
  await writer.close();
  const {sentences} = files;
  files.idf = (await runStage(idf, {in: {sentences}})).out.table;
  const teacher = await runStage(embedTeacher, {params: {model: 'folder'}, in: {sentences, model: encoder}});
  const tokens = await runStage(embedTokens, {in: {model: encoder}});
  files.vectors = teacher.out.vectors;
  files.tokens = tokens.out.vectors;
  files.tokenizer = tokens.out.tokenizer;
  pieces = (await piecesOf({sentences: 100})).out.vectors;
}, 120_000);

const piecesOf = (params: object) =>
  runStage(embedPieces, {
    params: {model: 'folder', storage: 'float32', ...params},
    in: {sentences: files.sentences, model: encoder, idf: files.idf},
  });

const base = {
  method: 'ltd',
  settings: {distance: 'squared'},
  student: {model: 'bilstm', unit: 'teacher-piece' as const, embedding: 8, hidden: 24, vocabulary: 5000},
  epochs: 25,
  batch: 16,
  learningRate: 0.02,
  warmupSteps: 5,
  heldOut: 20,
  checkpointSteps: 10,
  seed: 1,
};
const fitted = {...base, settings: {distance: 'squared', pieces: 4}};

const distil = async (params: typeof base, more: object = {}, options: {folder?: string; signal?: AbortSignal} = {}) =>
  (await runStage(trainStudent, {params, in: {...files, ...more}, ...options})).out;

test('a sentence’s vector is the weighted sum of its tokens’, padding changes neither', async () => {
  const parameters = initBilstm({...shape, layers: 2}, createRandom('pieces'));
  const texts3 = randomSentences([4, 2, 3], 'pieces');
  const engine = await openEngine({threads: 1});
  const run = async (rows: number, tokens: number) => {
    const predictor = createPredictor({
      ...{engine, parameters},
      forward: (p, batch, ctx) => {
        const {sentence, pieces: own} = bilstmPieces(p, batch, ctx, {pooling: 'idf', layers: 2});
        return [sentence, own];
      },
    });
    const [sentence, own] = await predictor.run(sentenceBatch(texts3, {rows, tokens}));
    await predictor.close();
    return {sentence: sentence!, pieceAt: (row: number, token: number, d: number) => own![(token * rows + row) * shape.width + d]!}; // prettier-ignore
  };
  const [close, wide] = [await run(3, 4), await run(4, 7)];
  for (const [row, {weights}] of texts3.entries()) {
    for (let d = 0; d < shape.width; d++) {
      const sum = weights.reduce((total, weight, token) => total + weight * close.pieceAt(row, token, d), 0);
      expect(sum).toBeCloseTo(close.sentence[row * shape.width + d]!, 5);
      weights.forEach((_, token) => expect(wide.pieceAt(row, token, d)).toBeCloseTo(close.pieceAt(row, token, d), 5));
    }
  }
});

/** The encoder as sentence-transformers would have it: with vectors of length 1. */
const normalizing = async (): Promise<string> => {
  const folder = await scratchFolder();
  cpSync(encoder, folder, {recursive: true});
  const modules = ['Transformer', 'Pooling', 'Normalize'].map(kind => ({
    type: `sentence_transformers.models.${kind}`,
    path: kind === 'Transformer' ? '' : kind,
  }));
  writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
  mkdirSync(join(folder, 'Pooling'));
  writeFileSync(join(folder, 'Pooling', 'config.json'), JSON.stringify({pooling_mode_mean_tokens: true}));
  return folder;
};

test('the teacher’s pieces, by their weights, add up to its vector of the sentence; a row a token, in order', async () => {
  const student = readStudent((await distil({...base, epochs: 1})).student);
  const encode = await openTextEncoder(student.config, student.vocabulary, student.idf, student.tokenizer);
  for (const model of [encoder, await normalizing()]) {
    const given = {sentences: files.sentences, model, idf: files.idf};
    const params = {model: 'folder', pooling: 'idf' as const};
    const own = readArrow((await runStage(embedPieces, {params: {...params, sentences: 30, storage: 'float32'}, in: given})).out.vectors); // prettier-ignore
    const whole = readArrow((await runStage(embedTeacher, {params: {...params, limit: 30}, in: given})).out.vectors);
    const [vectors, expected] = [own.vectors('vector'), whole.vectors('vector')];
    const ids = own.numbers('id');
    let row = 0;
    for (let sentence = 0; sentence < 30; sentence++) {
      const {weights} = encode(texts[sentence]!);
      const sum = new Float64Array(vectors.dim);
      for (const weight of weights) {
        expect(ids[row]).toBe(sentence);
        vectors.row(row++).forEach((value, d) => (sum[d]! += weight * value));
      }
      expected.row(sentence).forEach((value, d) => expect(sum[d]).toBeCloseTo(value, 4));
    }
    expect(row).toBe(own.rows);
  }
});

/** Mean squared distance of a student's token vectors to the teacher's, over sentences that it was fitted to. */
const pieceDistance = async (folder: string): Promise<number> => {
  const {config, vocabulary, idf: table, parameters, tokenizer} = readStudent(folder);
  const encode = await openTextEncoder(config, vocabulary, table, tokenizer);
  const network = await openStudentNetwork(config, {vocabulary: vocabulary.size, width: config.width});
  const predictor = createPredictor({
    ...{engine: await openEngine({threads: 1}), parameters},
    forward: (p, batch, ctx) => network.pieces!(p, batch, ctx).pieces,
  });
  const own = texts.slice(0, 100).map(encode);
  const [found] = await predictor.run(sentenceBatch(own, {rows: 100, tokens: 12}));
  await predictor.close();
  const teacher = readArrow(pieces).vectors('vector');
  let [row, sum] = [0, 0];
  own.forEach(({ids}, sentence) =>
    ids.forEach((_, token) => {
      const from = (token * 100 + sentence) * config.width;
      teacher.row(row++).forEach((value, d) => (sum += (found![from + d]! - value) ** 2));
    }),
  );
  return sum / row;
};

test('fitted to pieces, a student’s are near the teacher’s; a stopped training ends with the same bytes', async () => {
  const [without, whole] = [await distil(base), await distil(fitted, {pieces})];
  const [far, near] = [await pieceDistance(without.student), await pieceDistance(whole.student)];
  expect(near).toBeLessThan(0.5 * far);
  expect(JSON.parse(readFileSync(whole.metrics, 'utf8'))).toMatchObject({pieces: {sentences: 100}});

  const folder = await scratchFolder();
  const controller = new AbortController();
  const {signal} = controller;
  const own = signal.throwIfAborted.bind(signal);
  let asked = 0;
  signal.throwIfAborted = () => {
    if (++asked >= 30) controller.abort();
    own();
  };
  await expect(distil(fitted, {pieces}, {folder, signal})).rejects.toThrow('abort');
  const resumed = await distil(fitted, {pieces}, {folder});
  const model = (out: {student: string}) => readFileSync(join(out.student, 'model.safetensors'));
  expect(model(resumed).equals(model(whole))).toBe(true);
}, 120_000);

test('what does not go together is refused', async () => {
  await expect(distil(fitted)).rejects.toThrow('give the input `pieces`, by the stage embed-pieces');
  await expect(distil(base, {pieces})).rejects.toThrow('nothing weighs it: write settings: {pieces: 1}');
  await expect(distil({...fitted, student: {...base.student, model: 'static'}}, {pieces})).rejects.toThrow(
    'the kind "static" has no vectors of single tokens',
  );
  const short = (await piecesOf({sentences: 100, maxTokens: 2})).out.vectors;
  await expect(distil(fitted, {pieces: short})).rejects.toThrow(
    /has 2 vectors for sentence \d+, of which .* \d+ tokens/,
  );
});
