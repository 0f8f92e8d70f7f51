import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {strToU8, zipSync} from 'fflate';
import {afterEach, expect, it} from 'vitest';
import {unzip} from '../../src/io/unzip.ts';
import {fetchGlue} from '../../src/tasks/glue/fetch.ts';
import {makeMrpc} from '../../src/tasks/glue/mrpc.ts';
import {glueSha256} from '../../src/tasks/glue/sha256.ts';
import {scratchFolder} from '../stage-rig.ts';

const servers: {close(): void; closeAllConnections(): void}[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Serves bytes by path, with ranges; the first `cuts` answers break off half-way. */
const serve = async (content: Readonly<Record<string, Uint8Array>>, cuts = 0) => {
  const requests: string[] = [];
  let left = cuts;
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    const bytes = content[request.url!];
    if (!bytes) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {'content-length': bytes.length - from});
    if (left-- <= 0) return void response.end(bytes.subarray(from));
    response.write(bytes.subarray(from, from + Math.ceil((bytes.length - from) / 2)), () => setTimeout(() => response.destroy(), 20)); // prettier-ignore
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests};
};

const fetchAll = async (folder: string, server: string, names: readonly string[]) => {
  const all = [];
  for await (const fetched of fetchGlue({folder, server, names, waitMs: 1})) all.push(fetched);
  return all;
};

const text = (name: string): string => `${name}\t${'text '.repeat(20_000)}\n`;
const archive = (folder: string, files: readonly string[]): Uint8Array =>
  zipSync({
    [`__MACOSX/${folder}/._${files[0]}`]: strToU8('x'),
    [`${folder}/original/${files[0]}`]: strToU8('not this one'),
    ...Object.fromEntries(files.map(file => [`${folder}/${file}`, strToU8(text(file))])),
  });
const qqp = archive('QQP', ['train.tsv', 'dev.tsv', 'test.tsv']);

it('downloads over cut connections, takes the right files, pins and checks them', async () => {
  const folder = await scratchFolder();
  const {server, requests} = await serve({'/glue/data/QQP-clean.zip': qqp}, 2);
  const [first] = await fetchAll(folder, server, ['QQP']);
  expect(requests).toHaveLength(3);
  expect(requests[2]).toMatch(/QQP-clean\.zip bytes=\d+-$/);
  expect(first).toEqual({
    ...{name: 'QQP', outcome: 'fetched', files: ['QQP/train.tsv', 'QQP/dev.tsv', 'QQP/test.tsv']},
    pinned: ['QQP/train.tsv', 'QQP/dev.tsv', 'QQP/test.tsv'],
  });
  for (const file of ['train.tsv', 'dev.tsv', 'test.tsv']) expect(readFileSync(join(folder, 'QQP', file), 'utf8')).toBe(text(file)); // prettier-ignore
  expect(existsSync(join(folder, '.downloads/QQP'))).toBe(false);
  const sha256 = createHash('sha256').update(text('dev.tsv')).digest('hex');
  expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toContain(`${sha256}  QQP/dev.tsv\n`);
  const [again] = await fetchAll(folder, server, ['QQP']);
  expect(again).toMatchObject({outcome: 'there', pinned: []});
  expect(requests).toHaveLength(3);
  writeFileSync(join(folder, 'QQP/dev.tsv'), 'edited\n');
  await expect(fetchAll(folder, server, ['QQP'])).rejects.toThrow(/QQP\/dev\.tsv has the SHA-256 \w+, the one pinned when it first came is/); // prettier-ignore
});

it('refuses files whose known hash they do not have, archives without them, and damaged ones', async () => {
  const files = ['train.tsv', 'dev.tsv', 'test.tsv'];
  const {server} = await serve({
    '/glue/data/RTE.zip': archive('RTE', files),
    '/glue/data/CoLA.zip': archive('CoLA', ['train.tsv']),
    '/glue/data/WNLI.zip': archive('WNLI', files).subarray(0, 400),
  });
  const folder = await scratchFolder();
  await expect(fetchAll(folder, server, ['RTE'])).rejects.toThrow(`the one known is ${glueSha256['RTE/train.tsv']}`);
  await expect(fetchAll(folder, server, ['CoLA'])).rejects.toThrow('has no CoLA/dev.tsv, CoLA/test.tsv');
  await expect(fetchAll(folder, server, ['WNLI'])).rejects.toThrow('is damaged or cut off');
  await expect(fetchAll(folder, server, ['SST-2'])).rejects.toThrow('the server answered 404');
  expect(existsSync(join(folder, 'WNLI/train.tsv'))).toBe(false);
});

it('never lets an entry say where it goes', async () => {
  const folder = await scratchFolder();
  const file = join(folder, 'evil.zip');
  writeFileSync(file, zipSync({'../../evil.tsv': strToU8('x'), 'a/good.tsv': strToU8('y')}));
  expect(unzip(file, entry => (entry.endsWith('good.tsv') ? join(folder, 'good.tsv') : null))).toEqual(['a/good.tsv']);
  expect(existsSync(join(folder, '../../evil.tsv'))).toBe(false);
});

it('makes MRPC of the files it was published in', async () => {
  const folder = await scratchFolder();
  const place = (name: string): string => join(folder, name);
  const header = '\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String';
  writeFileSync(place('a'), `${header}\r\n1\t10\t11\tx "y"\tz\r\n0\t12\t13\tq\tr`);
  writeFileSync(place('b'), `${header}\n1\t20\t21\ts\tt\n`);
  writeFileSync(place('ids'), '12\t13\n');
  makeMrpc(folder, {train: place('a'), test: place('b'), devIds: place('ids')});
  expect(readFileSync(place('train.tsv'), 'utf8')).toBe(`${header}\n1\t10\t11\tx "y"\tz\n`);
  expect(readFileSync(place('dev.tsv'), 'utf8')).toBe(`${header}\n0\t12\t13\tq\tr\n`);
  expect(readFileSync(place('test.tsv'), 'utf8')).toBe('index\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t20\t21\ts\tt\n');
});

const real = join(process.env['DISTILL_DATA'] ?? '../shared/data', 'glue/MRPC');
it.skipIf(!existsSync(join(real, 'msr_paraphrase_train.txt')))('gives the very bytes of GLUE’s MRPC', async () => {
  const folder = await scratchFolder();
  mkdirSync(join(folder, 'MRPC'));
  // The test file is not at hand; any will do.
  const train = join(real, 'msr_paraphrase_train.txt');
  makeMrpc(join(folder, 'MRPC'), {train, test: train, devIds: join(real, 'dev_ids.tsv')});
  for (const file of ['MRPC/train.tsv', 'MRPC/dev.tsv'])
    expect(
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
      file,
    ).toBe(glueSha256[file]);
});
