import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import {symlinkSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type ContentHash, digestOf, isExecutableHash, isFolderHash} from '../state/content-hash.ts';
import {hashFile, hashText} from '../state/hash-file.ts';
import type {StatCache} from '../state/stat-cache.ts';
import {manifestOf, parseManifest, type TreeEntry} from '../state/tree.ts';
import {temporaryName, writeIfPossible} from '../state/write-atomically.ts';
import {moveIntoPlace} from './move-into-place.ts';

interface StoreFolders {
  readonly objects: string;
  readonly tmp: string;
}

/** Bytes that came from elsewhere and are not those of their name. */
export class SpoiltObject extends Error {
  override readonly name = 'SpoiltObject';
  constructor(digest: string, found: string) {
    super(`the object ${digest} has other bytes there (their SHA-256 is ${found}): remove it there and push it again`);
  }
}

/**
 * Content-addressed copies of outputs: `objects/ab/cdef…`, a folder being an object with its manifest. An object is
 * named after what was really written into it, and checked when it is read: a half or spoilt one is a miss.
 */
export class Store {
  readonly #folders: StoreFolders;
  readonly #stats: StatCache;
  #addedBytes = 0;

  constructor(folders: StoreFolders, stats: StatCache) {
    this.#folders = folders;
    this.#stats = stats;
  }

  /** What this process has put there that was not there before. */
  get addedBytes(): number {
    return this.#addedBytes;
  }

  /** True when all parts are there (whether they are sound shows when they are read). */
  has(hash: ContentHash): boolean {
    if (!isFolderHash(hash)) return existsSync(this.objectFile(digestOf(hash)));
    const entries = this.#manifest(digestOf(hash));
    return entries?.every(entry => entry.kind !== 'file' || existsSync(this.objectFile(entry.digest))) ?? false;
  }

  /** Keeps a copy of the file or folder. Throws what the file system throws, for example when the disk is full. */
  put(file: string): ContentHash {
    const hash = this.#stats.hash(file);
    if (hash === null) throw new Error(`${file} is gone`);
    if (!isFolderHash(hash)) {
      this.#putFile(file, digestOf(hash));
      return hash;
    }
    const entries = this.#stats.tree(file);
    for (const entry of entries) if (entry.kind === 'file') this.#putFile(path.join(file, entry.path), entry.digest);
    const manifest = manifestOf(entries);
    const digest = hashText(manifest);
    // The manifest comes last: an object that exists is whole.
    if (!this.#isKept(digest)) this.#write(digest, temporary => writeFileSync(temporary, manifest));
    return `${digest}t` as ContentHash;
  }

  /** What was in a folder, also in one of which only the list is kept; null where that is not. */
  listFolder(hash: ContentHash): readonly TreeEntry[] | null {
    return this.#manifest(digestOf(hash));
  }

  /** Keeps the list of a folder without its files, to tell later what has changed in it. */
  keepList(digest: string, manifest: string): void {
    const file = this.objectFile(digest);
    if (!existsSync(file)) writeIfPossible(file, manifest);
  }

  /** Of all its parts. 0 for what is not there. */
  bytes(hash: ContentHash): number {
    const files = isFolderHash(hash) ? (this.#manifest(digestOf(hash)) ?? []) : [];
    const digests = [digestOf(hash), ...files.flatMap(entry => (entry.kind === 'file' ? [entry.digest] : []))];
    return digests.reduce((sum, digest) => sum + this.#size(digest), 0);
  }

  /** How large an object is, after reading all of it; null when it is missing or was spoilt, and then it is gone. */
  soundBytes(digest: string): number | null {
    const object = this.objectFile(digest);
    if (!existsSync(object)) return null;
    const {size} = statSync(object);
    if (hashFile(object, size) === digest) return size;
    rmSync(object, {force: true});
    return null;
  }

  /** Makes a file on the same disk an object, and returns its bytes. Throws when it is another one. */
  adopt(file: string, digest: string): number {
    const {size} = statSync(file);
    const found = hashFile(file, size);
    if (found !== digest) throw new SpoiltObject(digest, found);
    this.#write(digest, temporary => renameSync(file, temporary));
    return size;
  }

  /** Puts the object at `file`, replacing what is there. False when it is missing or spoilt; the place is then untouched. */
  restore(hash: ContentHash, file: string): boolean {
    mkdirSync(this.#folders.tmp, {recursive: true});
    const temporary = path.join(this.#folders.tmp, temporaryName());
    try {
      if (!this.#copyTo(hash, temporary)) return false;
      moveIntoPlace(temporary, file, this.#folders.tmp);
      return true;
    } finally {
      rmSync(temporary, {recursive: true, force: true});
    }
  }

  #copyTo(hash: ContentHash, target: string): boolean {
    if (!isFolderHash(hash)) return this.#copyFileTo(digestOf(hash), target, isExecutableHash(hash));
    const entries = this.#manifest(digestOf(hash));
    if (entries === null) return false;
    this.#isKept(digestOf(hash));
    mkdirSync(target);
    // In order of paths a folder comes before what is in it.
    for (const entry of entries) {
      const file = path.join(target, entry.path);
      if (entry.kind === 'folder') mkdirSync(file);
      else if (entry.kind === 'link') symlinkSync(entry.target, file);
      else if (!this.#copyFileTo(entry.digest, file, entry.executable)) return false;
    }
    return true;
  }

  #copyFileTo(digest: string, target: string, isExecutable: boolean): boolean {
    const object = this.objectFile(digest);
    if (!existsSync(object)) return false;
    copyFileSync(object, target, constants.COPYFILE_FICLONE);
    chmodSync(target, isExecutable ? 0o755 : 0o644);
    if (hashFile(target, statSync(target).size) === digest) {
      this.#isKept(digest);
      return true;
    }
    rmSync(object, {force: true});
    return false;
  }

  #putFile(file: string, digest: string): void {
    if (this.#isKept(digest)) return;
    this.#write(digest, temporary => {
      // A copy, never a hard link: an edit of the artifact must not reach the object.
      copyFileSync(file, temporary, constants.COPYFILE_FICLONE);
      if (hashFile(temporary, statSync(temporary).size) !== digest) {
        throw new Error(`${file} changed while it was being saved`);
      }
    });
  }

  #write(digest: string, fill: (temporary: string) => void): void {
    mkdirSync(this.#folders.tmp, {recursive: true});
    const temporary = path.join(this.#folders.tmp, temporaryName());
    try {
      fill(temporary);
      chmodSync(temporary, 0o444);
      const object = this.objectFile(digest);
      mkdirSync(path.dirname(object), {recursive: true});
      this.#addedBytes += statSync(temporary).size;
      renameSync(temporary, object);
    } catch (error) {
      rmSync(temporary, {force: true});
      throw error;
    }
  }

  /** True when it is there; it then counts as used now, so that nobody clears it away before it is recorded. */
  #isKept(digest: string): boolean {
    const now = new Date();
    try {
      utimesSync(this.objectFile(digest), now, now);
      return true;
    } catch {
      // Missing, or another user's.
      return existsSync(this.objectFile(digest));
    }
  }

  #size(digest: string): number {
    return statSync(this.objectFile(digest), {throwIfNoEntry: false})?.size ?? 0;
  }

  #manifest(digest: string): ReturnType<typeof parseManifest> {
    try {
      const text = readFileSync(this.objectFile(digest), 'utf8');
      if (hashText(text) === digest) return parseManifest(text);
      rmSync(this.objectFile(digest), {force: true});
      return null;
    } catch {
      return null;
    }
  }

  /** Where the object of these 64 hex digits is, or would be. */
  objectFile(digest: string): string {
    return path.join(this.#folders.objects, digest.slice(0, 2), digest.slice(2));
  }
}
