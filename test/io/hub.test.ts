import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {download} from '../../src/io/download.ts';
import {fetchHubModel, isHubId, pinnedHubId} from '../../src/io/hub.ts';
import {hubSettings} from '../../src/io/hub-settings.ts';
import type {HubSettings} from '../../src/io/hub-settings.ts';
import {scratchFolder} from '../stage-rig.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const servers: {close(): void; closeAllConnections(): void}[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on loopback, and the requests that it got, `METHOD path range`. */
const serve = async (handler: Handler): Promise<{url: string; requests: string[]}> => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push([request.method, request.url, request.headers.range ?? ''].join(' ').trim());
    handler(request, response);
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests};
};

const sha256 = (bytes: Buffer) => ({kind: 'sha256' as const, hex: createHash('sha256').update(bytes).digest('hex')});
const gitBlob = (bytes: Buffer): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

const content = Buffer.from(Array.from({length: 300_000}, (_, at) => (at * 31 + (at >> 8)) & 255));

/** Sends `content` from where the Range header says. */
const sendRange: Handler = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from >= content.length) response.writeHead(416).end();
  else if (from > 0) response.writeHead(206, {'content-length': content.length - from}).end(content.subarray(from));
  else response.writeHead(200, {'content-length': content.length}).end(content);
};

describe('a download', () => {
  const target = async () => join(await scratchFolder(), 'model.bin');

  it('that is cut again and again continues where it was', async () => {
    let cuts = 0;
    const {url, requests} = await serve((request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (cuts++ === 5) return sendRange(request, response);
      response.writeHead(from > 0 ? 206 : 200, {'content-length': content.length - from});
      response.write(content.subarray(from, from + 40_000), () => setTimeout(() => response.destroy(), 20));
    });
    const file = await target();
    const progress: number[] = [];
    await download({
      url,
      file,
      hash: sha256(content),
      waitMs: 1,
      attempts: 2,
      onProgress: bytes => progress.push(bytes),
    });
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(existsSync(`${file}.part`)).toBe(false);
    expect(requests).toHaveLength(6);
    expect(requests[5]).toBe('GET / bytes=200000-');
    expect(progress.at(-1)).toBe(content.length);
  });

  it('continues what an earlier process left, and starts over if that was of another file', async () => {
    const {url, requests} = await serve(sendRange);
    const file = await target();
    writeFileSync(`${file}.part`, content.subarray(0, 1000));
    await download({url, file, hash: sha256(content)});
    expect(requests).toEqual(['GET / bytes=1000-']);
    writeFileSync(`${file}.part`, Buffer.alloc(content.length));
    await download({url, file, hash: sha256(content)});
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(requests.slice(1)).toEqual(['GET / bytes=300000-', 'GET /']);
  });

  it('starts over where the server does not know ranges', async () => {
    const {url, requests} = await serve((_, response) =>
      response.writeHead(200, {'content-length': content.length}).end(content),
    );
    const file = await target();
    writeFileSync(`${file}.part`, 'what was before');
    await download({url, file, hash: sha256(content)});
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(requests).toEqual(['GET / bytes=15-']);
  });

  it('of wrong bytes fails and leaves nothing', async () => {
    const {url} = await serve((_, response) => response.end(Buffer.alloc(content.length)));
    const file = await target();
    await expect(download({url, file, hash: sha256(content)})).rejects.toThrow(/gave other bytes than the hub says/);
    expect([file, `${file}.part`].filter(existsSync)).toEqual([]);
  });

  it('tries again when the server is busy, and gives up when nothing comes', async () => {
    let answers = 0;
    const busy = await serve((request, response) => {
      if (answers++ < 2) response.writeHead(503).end();
      else sendRange(request, response);
    });
    const file = await target();
    await download({url: busy.url, file, hash: sha256(content), waitMs: 1});
    expect(busy.requests).toHaveLength(3);
    const dead = await serve((_, response) => response.destroy());
    await expect(download({url: dead.url, file, hash: null, waitMs: 1, attempts: 3})).rejects.toThrow(/3 attempts.*run again to continue/); // prettier-ignore
    expect(dead.requests).toHaveLength(3);
  });

  it('stops when it is told to', async () => {
    const {url} = await serve((_, response) => {
      response.writeHead(200, {'content-length': content.length});
      response.write(content.subarray(0, 100));
    });
    const controller = new AbortController();
    const file = await target();
    const started = download({url, file, hash: null, signal: controller.signal, onProgress: () => controller.abort()});
    await expect(started).rejects.toThrow(/abort/);
    expect(existsSync(file)).toBe(false);
  });
});

describe('a model of the hub', () => {
  const commit = 'a'.repeat(40);
  const files: Record<string, Buffer> = {
    'config.json': Buffer.from('{"model_type": "bert"}'),
    'tokenizer.json': Buffer.from('{}'),
    '1_Pooling/config.json': Buffer.from('{"pooling_mode_mean_tokens": true}'),
    'model.safetensors': content,
    'README.md': Buffer.from('# not needed'),
    'pytorch_model.bin': Buffer.from('not needed'),
    'onnx/model.onnx': Buffer.from('not needed'),
  };
  const info = {
    sha: commit,
    siblings: Object.entries(files).map(([rfilename, bytes]) => ({
      rfilename,
      blobId: gitBlob(bytes),
      ...(bytes === content && {lfs: {sha256: sha256(bytes).hex, size: bytes.length}}),
    })),
  };
  const settings = async (endpoint: string, more: Partial<HubSettings> = {}): Promise<HubSettings> => ({
    ...hubSettings({}),
    ...{endpoint, cache: await scratchFolder()},
    ...more,
  });

  /** A hub with one model; large files are on another host, as the real one has them. */
  const hub = async (bytesOf: (name: string) => Buffer | undefined = name => files[name]) => {
    const seen: (string | undefined)[] = [];
    const store = await serve((request, response) => {
      seen.push(request.headers.authorization);
      sendRange(request, response);
    });
    const server = await serve((request, response) => {
      const name = /^\/owner\/name\/resolve\/a{40}\/(.*)$/.exec(request.url!)?.[1];
      if (request.url!.startsWith('/api/models/owner/name/revision/')) response.end(JSON.stringify(info));
      else if (name === 'model.safetensors') response.writeHead(302, {location: `${store.url}/${name}`}).end();
      else if (name !== undefined && bytesOf(name)) response.end(bytesOf(name));
      else response.writeHead(404).end();
    });
    return {...server, store, seen};
  };

  it('is downloaded once, only the files that matter, its commit kept', async () => {
    const server = await hub();
    const own = await settings(server.url, {token: 'secret'});
    const got: string[] = [];
    const first = await fetchHubModel({id: 'owner/name', settings: own, onProgress: file => got.push(file)});
    expect(first.commit).toBe(commit);
    expect([...new Set(got)].sort()).toEqual([
      '1_Pooling/config.json',
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    expect(readFileSync(join(first.folder, 'model.safetensors')).equals(content)).toBe(true);
    expect(existsSync(join(first.folder, 'README.md'))).toBe(false);
    // The token is for the hub alone, not for the host to which it sends us.
    expect(server.seen).toEqual([undefined]);
    const before = server.requests.length;
    expect(await fetchHubModel({id: 'owner/name', settings: own})).toEqual(first);
    expect(await fetchHubModel({id: 'owner/name', settings: {...own, offline: true}})).toEqual(first);
    expect(await fetchHubModel({id: `owner/name@${commit}`, settings: {...own, offline: true}})).toEqual(first);
    expect(server.requests).toHaveLength(before);
  });

  it('whose files are not what the hub says is refused, small ones too', async () => {
    const server = await hub(name => (name === 'config.json' ? Buffer.from('{"model_type": "evil"}') : files[name]));
    await expect(fetchHubModel({id: 'owner/name', settings: await settings(server.url)})).rejects.toThrow(/config\.json gave other bytes/); // prettier-ignore
  });

  it('that is interrupted between files goes on with the next', async () => {
    let works = false;
    const server = await hub(name => (name === 'tokenizer.json' && !works ? undefined : files[name]));
    const own = await settings(server.url);
    await expect(fetchHubModel({id: 'owner/name', settings: own})).rejects.toThrow(/has no owner\/name/);
    works = true;
    const before = server.requests.length;
    await fetchHubModel({id: 'owner/name', settings: own});
    expect(server.requests.slice(before).filter(line => line.includes('config.json')).length).toBeLessThan(2);
  });

  it.each([
    [401, null, /does not give owner\/name \(401\).*set HF_TOKEN/],
    [403, 'token', /does not give owner\/name \(403\).*accept its terms/],
    [404, null, /has no owner\/name\. Check the name/],
  ])('that the hub answers with %i', async (status, token, message) => {
    const {url} = await serve((_, response) => response.writeHead(status).end());
    await expect(fetchHubModel({id: 'owner/name', settings: await settings(url, {token})})).rejects.toThrow(message);
  });

  it('is not sought offline, nor where nobody listens, nor under a name that is none', async () => {
    const own = await settings('http://127.0.0.1:9');
    await expect(fetchHubModel({id: 'owner/name', settings: {...own, offline: true}})).rejects.toThrow(
      /HF_HUB_OFFLINE/,
    );
    await expect(fetchHubModel({id: 'owner/name', settings: own})).rejects.toThrow(/cannot be reached.*HF_ENDPOINT/);
    await expect(fetchHubModel({id: 'a/b/c', settings: own})).rejects.toThrow(
      /neither a folder nor a model of the hub/,
    );
    for (const id of ['../x', 'a/..', './model', '/tmp/model', 'a b']) expect(isHubId(id)).toBe(false);
    for (const id of ['bert-base-uncased', 'google/bert_uncased_L-2_H-128_A-2', 'a/b@v1.0'])
      expect(isHubId(id)).toBe(true);
  });

  it('cannot write outside its folder', async () => {
    const {url} = await serve((request, response) => {
      const siblings = ['config.json', '../../config.json', 'model.safetensors'].map(rfilename => ({rfilename}));
      if (request.url!.startsWith('/api/')) response.end(JSON.stringify({sha: commit, siblings}));
      else response.end('x');
    });
    const own = await settings(url);
    mkdirSync(own.cache, {recursive: true});
    const {folder} = await fetchHubModel({id: 'owner/name', settings: own});
    expect(existsSync(join(folder, '../../config.json'))).toBe(false);
  });

  it('is named by its commit, looked up without a download', async () => {
    const server = await hub();
    const own = await settings(server.url);
    expect(await pinnedHubId({id: 'owner/name@main', settings: own})).toBe(`owner/name@${commit}`);
    expect(server.requests).toEqual([`GET /api/models/owner/name/revision/main?blobs=true`]);
    expect(await pinnedHubId({id: `owner/name@${commit}`, settings: own})).toBe(`owner/name@${commit}`);
    expect(server.requests).toHaveLength(1);
    const offline = {...own, offline: true};
    await expect(pinnedHubId({id: 'owner/name', settings: offline})).rejects.toThrow(
      /HF_HUB_OFFLINE.*owner\/name@COMMIT/,
    );
    await fetchHubModel({id: 'owner/name', settings: own});
    expect(await pinnedHubId({id: 'owner/name', settings: offline})).toBe(`owner/name@${commit}`);
  });

  it('is where the environment says', () => {
    const env = {HF_ENDPOINT: 'http://mirror/', HF_TOKEN: 't', HF_HUB_OFFLINE: '1', DISTILL_HUB_CACHE: '/c'};
    expect(hubSettings(env)).toEqual({endpoint: 'http://mirror', token: 't', offline: true, cache: '/c'});
    expect(hubSettings({}).endpoint).toBe('https://huggingface.co');
  });
});
