import {existsSync, readFileSync} from 'node:fs';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import s3 from '../../src/remotes/s3.ts';
import {readS3Settings} from '../../src/remotes/s3/settings.ts';
import {objectOf, s3Address, s3Env, s3Server, scratch} from './rig.ts';

const {signal} = new AbortController();
const keys = {AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret'};

/** A server that answers each request as `answer` says; gives the environment that leads there. */
const serverThat = async (answer: http.RequestListener): Promise<typeof keys & {AWS_ENDPOINT_URL: string}> => {
  const server = http.createServer(answer).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return {...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`};
};

test('a busy server and a broken connection are asked again, and what came half is thrown away', async () => {
  const folder = scratch();
  const {file, digest} = objectOf(folder, 'x'.repeat(100_000));
  let requests = 0;
  const env = await serverThat((request, response) => {
    requests += 1;
    if (requests === 1) return void response.writeHead(503).end('<Error><Message>Slow down</Message></Error>');
    response.writeHead(200, {'content-length': 100_000});
    if (requests === 2) return void response.write('y'.repeat(50_000), () => request.socket.destroy());
    response.end(readFileSync(file));
  });
  const copy = path.join(folder, 'copy');
  expect(await s3('s3://bucket/path', {root: '/', env}).get(digest, copy, signal)).toBe(true);
  expect(readFileSync(copy, 'utf8')).toBe('x'.repeat(100_000));
  expect(requests).toBe(3);
}, 20_000);

test('what asking again does not mend is told in the words of the server', async () => {
  const env = await serverThat((_request, response) =>
    response.writeHead(400).end('<Error><Message>The authorization header is malformed</Message></Error>'),
  );
  const {digest} = objectOf(scratch(), 'x');
  const remote = s3('s3://bucket', {root: '/', env});
  await expect(remote.get(digest, '/nowhere', signal)).rejects.toThrow(
    'answered 400 (The authorization header is malformed)',
  );
});

test('an abort ends a transfer at once', async () => {
  const env = await serverThat((_request, response) => void response.writeHead(200).write('x'));
  const controller = new AbortController();
  const folder = scratch();
  const getting = s3('s3://b2/x', {root: '/', env}).get('0'.repeat(64), path.join(folder, 'a'), controller.signal);
  setTimeout(() => controller.abort(), 100);
  await expect(getting).rejects.toThrow('abort');
});

test.each([
  ['no credentials', {HOME: '/nowhere'}, 's3://bucket', 'there are no credentials'],
  ['nobody there', {...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:9'}, 's3://bucket', 'ECONNREFUSED'],
  ['no bucket', keys, 's3:///path', 'expected s3://BUCKET'],
  ['no URL', {...keys, AWS_ENDPOINT_URL: 'localhost'}, 's3://bucket', 'is no URL: localhost'],
])(
  'problem: %s',
  async (_what, env, address, message) => {
    expect(await s3(address, {root: '/', env}).problem('push')).toContain(message);
  },
  20_000,
);

test('credentials come from the environment, else from the profile in the file', () => {
  const folder = scratch();
  const text =
    '[default]\naws_access_key_id = A\naws_secret_access_key=B\n\n[lab]\r\naws_access_key_id=C\naws_secret_access_key=D=\naws_session_token=E\n';
  const {file} = objectOf(folder, text);
  const env = {AWS_SHARED_CREDENTIALS_FILE: file};
  const read = (more: object) => readS3Settings('s3://bucket//a/b/', {...env, ...more});
  expect(read({}).credentials).toEqual({accessKeyId: 'A', secretAccessKey: 'B'});
  expect(read({AWS_PROFILE: 'lab'}).credentials).toEqual({accessKeyId: 'C', secretAccessKey: 'D=', sessionToken: 'E'});
  expect(read({AWS_PROFILE: 'other'}).credentials).toBeNull();
  expect(read(keys).credentials).toEqual({accessKeyId: 'id', secretAccessKey: 'secret'});
  expect(read({AWS_REGION: 'eu-west-1'})).toMatchObject({prefix: 'a/b', region: 'eu-west-1', bucket: 'bucket'});
  expect(read({AWS_REGION: 'eu-west-1'}).endpoint.href).toBe('https://s3.eu-west-1.amazonaws.com/');
});

test.skipIf(s3Server === undefined)('real S3: a wrong key, a missing bucket', async () => {
  const address = await s3Address();
  const folder = scratch();
  const {file, digest} = objectOf(folder, 'right');
  const wrong = s3(address, {root: '/', env: {...s3Env, AWS_SECRET_ACCESS_KEY: 'wrong'}});
  await expect(wrong.put(digest, file, signal)).rejects.toThrow('check the credentials and their rights');
  await expect(wrong.get(digest, path.join(folder, 'copy'), signal)).rejects.toThrow('answered 403 to reading from');
  expect(existsSync(path.join(folder, 'copy'))).toBe(false);
  expect(await s3('s3://no-such-bucket', {root: '/', env: s3Env}).problem('pull')).toContain('there is no bucket');
});
