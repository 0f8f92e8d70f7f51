import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {longestDocument, readRawDocuments} from '../../src/io/raw-documents.ts';
import {TextSpool} from '../../src/io/text-spool.ts';
import {readTsv, writeTsv} from '../../src/io/tsv.ts';
import {scratchFolder} from '../stage-rig.ts';

const cellsOf = (path: string) => [...readTsv(path)].map(({cells}) => cells);

describe('TSV', () => {
  test('quotes are characters; BOM, CRLF, empty lines and a missing final newline', async () => {
    const path = join(await scratchFolder(), 'a.tsv');
    await writeFile(path, '\ufeffa\t"b\r\n\r\n"c\td\r\n\ne\u2028f\t');
    expect([...readTsv(path)]).toEqual([
      {line: 1, cells: ['a', '"b']},
      {line: 3, cells: ['"c', 'd']},
      {line: 5, cells: ['e\u2028f', '']},
    ]);
    await writeFile(path, '');
    expect(cellsOf(path)).toEqual([]);
  });

  test('what is written is read again, tabs and line ends as spaces', async () => {
    const path = join(await scratchFolder(), 'a.tsv');
    await writeTsv(path, [
      ['a\tb', 'c\r\nd'],
      ['"', '😀'],
    ]);
    expect(await readFile(path, 'utf8')).toBe('a b\tc d\n"\t😀\n');
    const rows = Array.from({length: 10_000}, (_, at) => [String(at), 'text']);
    await writeTsv(path, rows);
    expect(cellsOf(path)).toEqual(rows);
  });
});

describe('TextSpool', () => {
  test('gives back any text in any order, while it is written and afterwards', async () => {
    const folder = await scratchFolder();
    const text = fc.oneof(fc.string({unit: 'grapheme'}), fc.constant('long '.repeat(300_000)));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.nat())), pushes => {
        const spool = new TextSpool(join(folder, 'spool'));
        pushes.forEach(([pushed, any], at) => {
          spool.push(pushed);
          expect(spool.read(any % (at + 1))).toBe(pushes[any % (at + 1)]![0]);
        });
        for (let at = pushes.length - 1; at >= 0; at--) expect(spool.read(at)).toBe(pushes[at]![0]);
        expect(() => spool.read(pushes.length)).toThrow('Internal error');
        spool.close();
      }),
      {numRuns: 50},
    );
  });
});

describe('raw documents', () => {
  const read = async (bytes: Buffer | string) => {
    const path = join(await scratchFolder(), 'raw.txt');
    await writeFile(path, bytes);
    const documents = [];
    for await (const document of readRawDocuments(path)) documents.push(document);
    return documents;
  };

  test('a line each, empty ones too, the last without a newline', async () => {
    expect(await read('one\r\n\ntwo')).toEqual([
      {text: 'one\r', isValid: true},
      {text: '', isValid: true},
      {text: 'two', isValid: true},
    ]);
    expect(await read('')).toEqual([]);
  });

  test('characters that lie across two chunks of the stream stay whole', async () => {
    const line = '中😀'.repeat(100_000);
    expect(await read(`${line}\n${line}`)).toEqual([
      {text: line, isValid: true},
      {text: line, isValid: true},
    ]);
  });

  test('bytes that are no UTF-8 are replaced and marked', async () => {
    const documents = await read(Buffer.from([0x61, 0xff, 0x62, 10, 0x63]));
    expect(documents).toEqual([
      {text: 'a\ufffdb', isValid: false},
      {text: 'c', isValid: true},
    ]);
  });

  test('a line that is too long is skipped, the next one read', async () => {
    const documents = await read(`${'x'.repeat(longestDocument + 1)}\nnext`);
    expect(documents).toEqual([
      {text: null, isValid: true},
      {text: 'next', isValid: true},
    ]);
    const [longest] = await read('x'.repeat(longestDocument));
    expect(longest?.text).toHaveLength(longestDocument);
  });

  test('UTF-16 is refused with what to do', async () => {
    await expect(read(Buffer.from('\ufefftext', 'utf16le'))).rejects.toThrow('is UTF-16; expected UTF-8');
  });
});
