import {cpSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {readArrow} from '../../src/io/arrow.ts';
import {encoderStates, sequenceLogits} from '../../src/models/encoder.ts';
import {readEncoderFolder} from '../../src/models/encoder-folder.ts';
import {readEncoderWeights} from '../../src/models/encoder-weights.ts';
import mnli from '../../src/tasks/mnli.ts';
import {openTokenizer} from '../../src/text/open-tokenizer.ts';
import teacherLogits from '../../stages/teacher-logits.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const tiny = fileURLToPath(new URL('../expected/tiny-bert', import.meta.url));
const labels = mnli.kind === 'classification' ? mnli.labels : [];
const pairs = [
  ['a cab', 'bad'],
  ['q', 'a b c d e f g h i j k l'],
  ['', 'ea'],
] as const;

const writeRows = async (): Promise<string> => {
  const file = join(await scratchFolder(), 'train.tsv');
  const rows = pairs.map(([a, b], at) => `n${at}\t${a}\t${b}\t${labels[at]}\n`);
  writeFileSync(file, `id\tsentence1\tsentence2\tlabel\n${rows.join('')}`);
  return file;
};

const named = async (names: readonly string[]): Promise<string> => {
  const folder = join(await scratchFolder(), 'model');
  cpSync(tiny, folder, {recursive: true});
  const file = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({...config, id2label: Object.fromEntries(names.entries())}));
  return folder;
};

/** By the encoder in tfjs operations, whose logits are PyTorch's (encoder-training.test.ts), one pair at a time. */
const expectedLogits = async (first: string, second: string): Promise<Float32Array> => {
  const {config} = readEncoderFolder(tiny);
  const {parameters} = readEncoderWeights(tiny, config, 'all');
  const predictor = createPredictor({
    engine: await openEngine({backend: 'jit', threads: 1}),
    parameters,
    forward: (p, b, ctx) => {
      const states = encoderStates(p, {ids: b['ids']!, mask: b['mask']!, types: b['types']!}, ctx, config);
      return sequenceLogits(p, states.at(-1)!, ctx, config);
    },
  });
  const {ids, types} = openTokenizer(tiny, 50).encodePair(first, second, 12);
  const shape = [1, ids.length];
  const [logits] = await predictor.run({
    ids: {dtype: 'int32', shape, data: ids},
    types: {dtype: 'int32', shape, data: types},
    mask: {dtype: 'float32', shape, data: new Float32Array(ids.length).fill(1)},
  });
  await predictor.close();
  return logits!;
};

it("writes the head's logits of both orders by id, in the order of the task's labels", async () => {
  const examples = await writeRows();
  const [second, third, first] = labels;
  const model = await named([first!, second!, third!]);
  const params = {task: 'mnli', model: 'folder', bothOrders: true} as const;
  const {out} = await runStage(teacherLogits, {in: {examples, model}, params});
  const table = readArrow(out.logits);
  expect(table.strings('id')).toEqual(['n0', 'n1', 'n2']);
  expect(Object.fromEntries(table.metadata)).toMatchObject({task: 'mnli', teacher: 'model', labels: labels.join(' ')});
  for (const [row, [a, b]] of pairs.entries()) {
    const expected = [await expectedLogits(a, b), await expectedLogits(b, a)];
    for (const [at, column] of ['logits', 'swapped'].entries()) {
      const found = table.vectors(column).row(row);
      // The model's outputs are the third, first and second label of the task.
      [1, 2, 0].forEach((output, label) => expect(found[label]).toBeCloseTo(expected[at]![output]!, 4));
    }
  }
});

it('says why a teacher, a task or an option does not fit', async () => {
  const examples = await writeRows();
  const run = (model: string, more: object = {}) =>
    runStage(teacherLogits, {in: {examples, model}, params: {task: 'mnli', model: 'folder', ...more}});
  await expect(run(await named(['x', 'y', 'z']))).rejects.toThrow(/names its outputs x, y, z; the task "mnli" has/);
  await expect(run(tiny, {task: 'rte'})).rejects.toThrow(
    /has 3 outputs, the task "rte" needs 2|expected one of the labels/,
  );
  await expect(run(tiny, {task: 'sst-2', bothOrders: true})).rejects.toThrow(/`bothOrders` is for pairs/);
  await expect(run('/nowhere')).rejects.toThrow(/folder \/nowhere does not exist/);
});
