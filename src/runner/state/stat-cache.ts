import type {BigIntStats} from 'node:fs';
import {type CacheEntry, readCacheFile, writeCacheFile} from './cache-file.ts';
import type {ContentHash} from './content-hash.ts';
import {hashFile, hashText} from './hash-file.ts';
import {isSettled, nowNs, signatureOf, statOf, waitOneTick} from './signature.ts';
import {type Links, manifestOf, readTree, type TreeEntry} from './tree.ts';

/** Above this size it pays to wait for the clock once rather than to hash again in the next run. */
const worthWaiting = 4n << 20n;

/** Told before a file is read whole: its path and size in bytes. */
export type OnRead = (file: string, size: number) => void;

/**
 * Content hashes of files and folders, remembered by signature from run to run. It may be deleted at any time: it makes
 * hashing fast and decides nothing.
 */
export class StatCache {
  readonly #file: string;
  #entries: Map<string, CacheEntry> | undefined;
  #isChanged = false;
  readonly #touched = new Set<string>();
  readonly #manifests = new Map<string, string>();

  constructor(file: string) {
    this.#file = file;
  }

  /** What is at an absolute path (a link there is followed), or null when nothing is. */
  hash(file: string, onRead?: OnRead, links: Links = 'keep'): ContentHash | null {
    const stats = statOf(file);
    if (stats === null) return null;
    if (stats.isDirectory()) {
      const manifest = manifestOf(this.tree(file, onRead, links));
      const digest = hashText(manifest);
      this.#manifests.set(digest, manifest);
      return `${digest}t` as ContentHash;
    }
    if (!stats.isFile()) return null;
    return `${this.#digest(file, stats, onRead)}${(stats.mode & 0o100n) === 0n ? '' : 'x'}` as ContentHash;
  }

  tree(folder: string, onRead?: OnRead, links: Links = 'keep'): TreeEntry[] {
    return readTree(folder, (file, stats) => this.#digest(file, stats, onRead), links);
  }

  /** The list behind the hash of a folder that this process has looked at; undefined for others. */
  manifest(digest: string): string | undefined {
    return this.#manifests.get(digest);
  }

  /** Tells what a file that was just copied from elsewhere holds, so that it is not read again. */
  remember(file: string, digest: string, now: bigint): void {
    const stats = statOf(file);
    if (stats !== null && isSettled(stats, now)) this.#set(file, {signature: signatureOf(stats), digest});
  }

  /** Written only when something was learnt. What other processes learnt meanwhile is kept. */
  save(): void {
    if (!this.#isChanged || this.#entries === undefined) return;
    const merged = readCacheFile(this.#file);
    for (const [file, entry] of this.#entries)
      if (this.#touched.has(file) || !merged.has(file)) merged.set(file, entry);
    // Files that come and go must not make it grow for ever.
    if (merged.size > 20_000 + 4 * this.#touched.size) {
      for (const file of merged.keys()) if (!this.#touched.has(file)) merged.delete(file);
    }
    writeCacheFile(this.#file, merged);
    this.#isChanged = false;
  }

  #digest(file: string, first: BigIntStats, onRead?: OnRead): string {
    this.#entries ??= readCacheFile(this.#file);
    let stats = first;
    let signature = signatureOf(stats);
    const known = this.#entries.get(file);
    if (known?.signature === signature) {
      this.#touched.add(file);
      return known.digest;
    }
    onRead?.(file, Number(stats.size));
    for (;;) {
      if (stats.size > worthWaiting && !isSettled(stats, nowNs())) waitOneTick();
      const started = nowNs();
      const digest = hashFile(file, Number(stats.size));
      const after = statOf(file);
      if (after === null) return digest;
      const isSame = signatureOf(after) === signature;
      if (isSame && isSettled(after, started)) this.#set(file, {signature, digest});
      // A file that somebody writes to right now: what was read may be half old, half new.
      if (isSame || after.size > worthWaiting) return digest;
      stats = after;
      signature = signatureOf(after);
    }
  }

  #set(file: string, entry: CacheEntry): void {
    this.#entries ??= readCacheFile(this.#file);
    this.#entries.set(file, entry);
    this.#touched.add(file);
    this.#isChanged = true;
  }
}
