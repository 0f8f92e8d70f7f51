import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {readArrow} from '../../src/io/arrow.ts';
import {cosine} from '../../src/math/vector-rows.ts';
import embedStudent from '../../stages/embed-student.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';
import {englishTexts, tinyStudent} from './tiny-student.ts';

const written = async (params: {
  readonly model?: string;
  readonly precision?: 'training' | 'float32' | 'float16' | 'int8' | 'int4';
}) => {
  const folder = await scratchFolder();
  const {student} = await tinyStudent(folder, englishTexts, {unit: 'word', pooling: 'idf', hidden: 32, width: 24});
  const tasks = path.join(folder, 'dev.tsv');
  writeFileSync(tasks, `id\tsentence1\tlabel\n${englishTexts.map((text, id) => `${id}\t${text}\tx\n`).join('')}`);
  const {out} = await runStage(embedStudent, {params, in: {student, tasks}});
  const file = readArrow(out.vectors);
  const rows = file.vectors('vector');
  return {metadata: file.metadata, vectors: englishTexts.map((_, row) => rows.row(row))};
};

test('a student’s vectors as it serves: those of training, nearly those in 8-bit integers', async () => {
  const trained = await written({});
  expect(trained.metadata).toEqual(new Map([['student', 'bilstm']]));
  const cosines = async (precision: 'float32' | 'float16' | 'int8' | 'int4') => {
    const {vectors, metadata} = await written({precision});
    expect(metadata.get('precision')).toBe(precision);
    return vectors.map((vector, at) => cosine(vector, trained.vectors[at]!));
  };
  expect(Math.min(...(await cosines('float32')))).toBeGreaterThan(0.99999);
  expect(Math.min(...(await cosines('float16')))).toBeGreaterThan(0.9999);
  const int8 = await cosines('int8');
  expect(Math.min(...int8)).toBeGreaterThan(0.98);
  expect(Math.max(...int8)).toBeLessThan(0.999999);
  const int4 = await cosines('int4');
  expect(Math.min(...int4)).toBeGreaterThan(0.95);
  expect(Math.max(...int4)).toBeLessThan(Math.max(...int8));
});

test('a student of another kind is named, however it computes', async () => {
  for (const precision of ['training', 'int8'] as const)
    await expect(written({model: 'conv', precision})).rejects.toThrow(
      'holds a student of the kind "bilstm", but `model` is "conv": write params: {model: bilstm}.',
    );
});
