import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {digestOfFile} from './file-hash.ts';

/** What a file must hash to: SHA-256 of its bytes, or git's SHA-1 of it as a blob. */
export type ExpectedHash = {readonly kind: 'sha256' | 'git-blob'; readonly hex: string};

export interface Download {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where it ends up, whole and checked; beside it, what came so far is `FILE.part`. */
  readonly file: string;
  /** null: nothing is known of the bytes beforehand, and only their number is checked. */
  readonly hash: ExpectedHash | null;
  readonly onProgress?: (bytes: number, total: number | null) => void;
  readonly signal?: AbortSignal;
  /** Attempts in a row without a new byte. Default 5. */
  readonly attempts?: number;
  /** Before the second attempt, twice as long before each next one. Default 500. */
  readonly waitMs?: number;
}

/** A download that no further attempt can mend; `status` is the server's, where it answered. */
export class DownloadError extends Error {
  readonly status: number | null;
  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DownloadError';
    this.status = status;
  }
}

/**
 * Downloads a file: continues what an earlier attempt left, in this process or before, with Range requests; checks length
 * and hash; renames when whole. Bytes that do not fit the hash are thrown away, never renamed.
 */
export const download = async (options: Download): Promise<void> => {
  const {file, hash, attempts = 5, waitMs = 500, signal} = options;
  const part = `${file}.part`;
  fs.mkdirSync(path.dirname(file), {recursive: true});
  let wasResumed = sizeOf(part) > 0;
  for (let failures = 0; ;) {
    const before = sizeOf(part);
    try {
      await fetchRest(options, part, before);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof DownloadError) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
        throw new DownloadError(`The disk is full: ${part} could not be written. Free some space and run again.`, null, {cause: error}); // prettier-ignore
      }
      failures = sizeOf(part) > before ? 0 : failures + 1;
      if (failures >= attempts) {
        throw new DownloadError(
          `${options.url} could not be downloaded (${reasonOf(error)}, ${attempts} attempts). ${sizeOf(part)} bytes are kept: run again to continue.`,
          null,
          {cause: error},
        );
      }
      await setTimeout(waitMs * 2 ** failures, undefined, {signal});
      continue;
    }
    const found = hash === null ? null : hashFile(part, hash.kind);
    if (hash === null || found === hash.hex) break;
    fs.rmSync(part);
    // What an earlier run left may be of another version of the file: once more, from the start.
    if (wasResumed) wasResumed = false;
    else {
      throw new DownloadError(
        `${options.url} gave other bytes than the hub says (${hash.kind} ${found}, expected ${hash.hex}). They were thrown away; try again, or another network.`,
        null,
      );
    }
  }
  fs.renameSync(part, file);
};

const sizeOf = (file: string): number => fs.statSync(file, {throwIfNoEntry: false})?.size ?? 0;

const fetchRest = async (
  {url, headers = {}, onProgress, signal}: Download,
  part: string,
  from: number,
): Promise<void> => {
  const response = await fetch(url, {
    headers: {...headers, 'accept-encoding': 'identity', ...(from > 0 && {range: `bytes=${from}-`})},
    ...(signal && {signal}),
  });
  // Asked for what lies behind the end: the part is whole already, or of another file; the hash tells.
  if (response.status === 416 && from > 0) {
    await response.body?.cancel();
    return;
  }
  if (response.status >= 500 || response.status === 429) {
    await response.body?.cancel();
    throw new Error(`the server answered ${response.status}`);
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new DownloadError(`${url}: the server answered ${response.status}.`, response.status);
  }
  const continues = response.status === 206;
  const length = response.headers.get('content-length');
  const start = continues ? from : 0;
  const total = length === null ? null : start + Number(length);
  const file = fs.openSync(part, continues ? 'a' : 'w');
  let done = start;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      for (let written = 0; written < chunk.length;) written += fs.writeSync(file, chunk, written);
      done += chunk.length;
      onProgress?.(done, total);
    }
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  if (total !== null && done !== total) throw new Error(`the connection ended after ${done} of ${total} bytes`);
};

const hashFile = (file: string, kind: ExpectedHash['kind']): string => {
  const hash = createHash(kind === 'sha256' ? 'sha256' : 'sha1');
  // git hashes a blob with its length in front: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
  if (kind === 'git-blob') hash.update(`blob ${sizeOf(file)}\0`);
  return digestOfFile(file, hash);
};

/** fetch says "fetch failed" and "terminated"; the reason is in the cause. */
export const reasonOf = (error: unknown): string => {
  const {message, cause} = error as Error;
  return cause instanceof Error ? cause.message || message : message;
};
