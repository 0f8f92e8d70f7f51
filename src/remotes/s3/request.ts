import {createReadStream, createWriteStream, statSync} from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import {pipeline} from 'node:stream/promises';
import {setTimeout} from 'node:timers/promises';
import aws4 from 'aws4';
import type {S3Settings} from './settings.ts';

export interface S3Request {
  readonly method: 'HEAD' | 'GET' | 'PUT';
  /** Below the bucket; '' is the bucket itself. */
  readonly key: string;
  /** What is sent, and the SHA-256 of its bytes in hex, which Amazon's server checks. */
  readonly body?: {readonly file: string; readonly sha256: string};
  /** Where an answer of 200 goes; nothing is there yet. */
  readonly to?: string;
  /** How often it is asked at most. Default 5. */
  readonly attempts?: number;
  readonly signal: AbortSignal;
}

const silenceMs = 60_000;
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * One request, signed as S3 wants it (Signature Version 4), and again after a pause where the server is busy or the
 * connection breaks. Returns the status: 200, 403 or 404. Rejects with words for people for anything else.
 */
export const requestS3 = async (settings: S3Settings, request: S3Request): Promise<number> => {
  const {attempts = 5} = request;
  for (let attempt = 1; ; attempt++) {
    let problem: string;
    try {
      const {status, text} = await once(settings, request);
      if (status === 200 || status === 403 || status === 404) return status;
      problem = `it answered ${status}${text === '' ? '' : ` (${text})`}`;
      if (status < 500 && status !== 429) attempt = attempts;
    } catch (error) {
      request.signal.throwIfAborted();
      const {code = '', message, path} = error as NodeJS.ErrnoException;
      // Of a file here, which no other attempt mends. A broken connection is a failed `read` too, but not of a path.
      if (path !== undefined || code === 'ENOSPC') throw error;
      problem = code === '' || message.includes(code) ? message : `${message} (${code})`;
    }
    if (attempt >= attempts) throw new Error(`${settings.endpoint.origin}: ${problem}`);
    await setTimeout(250 * 2 ** attempt, undefined, {signal: request.signal});
  }
};

const once = async (
  {endpoint, region, bucket, prefix, credentials}: S3Settings,
  {method, key, body, to, signal}: S3Request,
): Promise<{readonly status: number; readonly text: string}> => {
  // In the path and not in the host's name: every server of the kind takes it, with any name of a bucket.
  const path = [endpoint.pathname.replace(/\/+$/, ''), bucket, ...(key === '' ? [] : [prefix, key])]
    .filter((part, index) => index === 0 || part !== '')
    .map(part => part.split('/').map(encodeURIComponent).join('/'))
    .join('/');
  const headers = {
    'X-Amz-Content-Sha256': body?.sha256 ?? emptySha256,
    ...(body === undefined ? {} : {'Content-Length': statSync(body.file).size}),
  };
  const unsigned = {service: 's3', region, method, host: endpoint.host, path, headers, doNotEncodePath: true};
  const signed = aws4.sign(unsigned, {...credentials});
  const {request: start} = endpoint.protocol === 'http:' ? http : https;
  const sent = start({
    method,
    path,
    headers: signed.headers!,
    hostname: endpoint.hostname,
    port: endpoint.port,
    signal,
  });
  sent.setTimeout(silenceMs, () => sent.destroy(new Error(`nothing came for ${silenceMs / 1000} s`)));
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).on('error', reject);
  });
  // A server that refuses answers before it has read all.
  if (body === undefined) sent.end();
  else void pipeline(createReadStream(body.file), sent).catch(() => undefined);
  const answer = await answered;
  const status = answer.statusCode ?? 0;
  if (status === 200 && to !== undefined) {
    await pipeline(answer, createWriteStream(to), {signal});
    return {status, text: ''};
  }
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) if (text.length < 2000) text += String(chunk);
  return {status, text: /<Message>(.*?)<\/Message>/.exec(text)?.[1] ?? ''};
};
