import {createHash, randomUUID} from 'node:crypto';
import {mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import aws4 from 'aws4';
import {onTestFinished} from 'vitest';

export const scratch = (): string => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'distill-remote-')));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
};

/** A file with its SHA-256, the name that its object has. */
export const objectOf = (folder: string, bytes: string | Buffer): {file: string; digest: string} => {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const file = path.join(folder, digest.slice(0, 16));
  writeFileSync(file, bytes);
  return {file, digest};
};

/** The S3 server that `.ci/s3 start` has started; undefined where there is none. */
export const s3Server = process.env['TEST_S3'];

export const s3Env = {
  AWS_ENDPOINT_URL: s3Server,
  AWS_ACCESS_KEY_ID: 'test-key',
  AWS_SECRET_ACCESS_KEY: 'test/secret+key',
  AWS_REGION: 'eu-central-1',
} as const;

/** An address there that nobody else uses. One bucket for all: the server keeps files of its own for each. */
export const s3Address = async (): Promise<string> => {
  const bucket = 'tests';
  const {host, hostname, port} = new URL(s3Server!);
  const {headers} = aws4.sign(
    {service: 's3', region: s3Env.AWS_REGION, method: 'PUT', host, path: `/${bucket}`},
    {accessKeyId: s3Env.AWS_ACCESS_KEY_ID, secretAccessKey: s3Env.AWS_SECRET_ACCESS_KEY},
  );
  const status = await new Promise(resolve =>
    http
      .request({method: 'PUT', hostname, port, path: `/${bucket}`, headers: headers!}, answer => {
        resolve(answer.resume().statusCode);
      })
      .end(),
  );
  if (status !== 200 && status !== 409) throw new Error(`the S3 server answered ${String(status)} to a new bucket`);
  return `s3://${bucket}/${randomUUID()}`;
};
