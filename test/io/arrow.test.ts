import {mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arrow-'));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const odd = [
  '',
  ' ',
  'é',
  'e\u0301',
  '\uFEFFmark',
  '漢字',
  '👩‍👩‍👧‍👦',
  'a\tb\nc\r\n',
  '\0',
  '"quoted"',
  '\u2028',
  'x'.repeat(5000),
];
const text = fc.oneof(fc.constantFrom(...odd), fc.string({unit: 'grapheme'}));

describe('Arrow files', () => {
  it('give back every value, in order, over any number of batches', async () => {
    const row = fc.record({
      id: fc.nat({max: 0xffff_ffff}),
      text,
      label: fc.option(text),
      score: fc.option(fc.double({noNaN: true})),
      count: fc.integer({min: -(2 ** 31), max: 2 ** 31 - 1}),
      vector: fc.float32Array({minLength: 3, maxLength: 3, noNaN: true}),
    });
    const path = join(folder, 'property.arrow');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(row, {maxLength: 20}), {maxLength: 6}), async batches => {
        const writer = openArrowWriter(path, {
          id: 'uint32',
          text: 'utf8',
          label: {type: 'utf8', nullable: true},
          score: {type: 'float64', nullable: true},
          count: 'int32',
          vector: {float32: 3},
        });
        for (const rows of batches) {
          await writer.append({
            id: Uint32Array.from(rows, r => r.id),
            text: rows.map(r => r.text),
            label: rows.map(r => r.label),
            score: rows.map(r => r.score),
            count: rows.map(r => r.count),
            vector: Float32Array.from(rows.flatMap(r => [...r.vector])),
          });
        }
        await writer.close();
        const rows = batches.flat();
        const table = readArrow(path);
        expect(table.rows).toBe(rows.length);
        expect([...table.numbers('id')]).toEqual(rows.map(r => r.id));
        expect(table.strings('text')).toEqual(rows.map(r => r.text));
        expect(table.nullableStrings('label')).toEqual(rows.map(r => r.label));
        expect([...table.numbers('score')]).toEqual(rows.map(r => r.score ?? Number.NaN));
        expect([...table.numbers('count')]).toEqual(rows.map(r => r.count));
        const vectors = table.vectors('vector');
        expect(vectors.dim).toBe(3);
        expect(rows.map((_, index) => [...vectors.row(index)])).toEqual(rows.map(r => [...r.vector]));
        let start = 0;
        for (const batch of table.batches()) {
          expect(batch.start).toBe(start);
          expect(batch.strings('text')).toEqual(rows.slice(start, start + batch.rows).map(r => r.text));
          start += batch.rows;
        }
        expect(start).toBe(rows.length);
      }),
      {numRuns: 60},
    );
  });

  it('keep the metadata and the width of vectors when there are no rows', async () => {
    const path = join(folder, 'empty.arrow');
    const writer = openArrowWriter(path, {id: 'uint32', vector: {float32: 512}}, {metadata: {teacher: 'use-lite'}});
    await writer.close();
    const table = readArrow(path);
    expect(table.rows).toBe(0);
    expect(table.columns).toEqual(['id', 'vector']);
    expect(table.metadata.get('teacher')).toBe('use-lite');
    expect(table.vectors('vector').dim).toBe(512);
    expect([...table.batches()]).toEqual([]);
  });

  it('have taken over the values when append returns', async () => {
    const path = join(folder, 'reuse.arrow');
    const writer = openArrowWriter(path, {vector: {float32: 2}});
    const buffer = new Float32Array(2);
    for (let step = 0; step < 3; step++) {
      await writer.append({vector: buffer.fill(step)});
    }
    await writer.close();
    const vectors = readArrow(path).vectors('vector');
    expect([0, 1, 2].map(row => vectors.row(row)[0])).toEqual([0, 1, 2]);
  });

  it('are the same bytes for the same values', async () => {
    const write = async (path: string) => {
      const writer = openArrowWriter(path, {id: 'utf8', logits: {float32: 2}}, {metadata: {task: 'topic', seed: '1'}});
      await writer.append({id: ['a', 'b'], logits: [Float32Array.of(1, 2), Float32Array.of(3, 4)]});
      await writer.close();
      return readFileSync(path);
    };
    expect((await write(join(folder, 'one.arrow'))).equals(await write(join(folder, 'two.arrow')))).toBe(true);
  });

  it('are refused with the path when their writer was stopped, or when they are something else', async () => {
    const path = join(folder, 'half.arrow');
    const writer = openArrowWriter(path, {id: 'uint32'});
    await writer.append({id: [1, 2, 3]});
    await writer.close();
    truncateSync(path, statSync(path).size - 1);
    expect(() => readArrow(path)).toThrow(/half\.arrow is not an Arrow IPC file.*was its writer stopped/);
    writeFileSync(path, 'id\ttext\n');
    expect(() => readArrow(path)).toThrow('not an Arrow IPC file');
  });

  it('say which column is missing, empty or of another type', async () => {
    const path = join(folder, 'columns.arrow');
    const writer = openArrowWriter(path, {id: 'uint32', label: {type: 'utf8', nullable: true}, vector: {float32: 2}});
    await expect(writer.append({id: [1]})).rejects.toThrow('lacks the column "label"');
    await expect(writer.append({id: [1], label: ['a', 'b'], vector: [0, 0]})).rejects.toThrow('"label" has 2 rows');
    await expect(writer.append({id: [1], label: ['a'], vector: Float32Array.of(1)})).rejects.toThrow('whole number');
    await expect(writer.append({id: [null], label: ['a'], vector: Float32Array.of(1, 2)})).rejects.toThrow(
      '"id" has 1 empty',
    );
    await writer.append({id: [1], label: [null], vector: [Float32Array.of(1, 2)]});
    await writer.close();
    const table = readArrow(path);
    expect(() => table.strings('text')).toThrow('has no column "text"; it has id, label, vector.');
    expect(() => table.strings('label')).toThrow('"label" has an empty cell in row 0');
    expect(() => table.strings('id')).toThrow('"id" holds Int, expected text');
    expect(() => table.numbers('vector')).toThrow('expected numbers');
    expect(() => table.vectors('id')).toThrow('expected float32 vectors');
    expect(() => table.vectors('vector').row(1)).toThrow('row 1 of 1');
  });
});
