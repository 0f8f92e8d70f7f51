import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {OutputHashes} from '../key/lock-record.ts';
import {isContentHash} from '../state/content-hash.ts';
import {writeAtomically} from '../state/write-atomically.ts';

/**
 * `runHash` → what was written for it, for every good run in this folder: this is how an input that is put back brings its
 * outputs back. Written after the objects, so that what a record names was there.
 */
export class RunRecords {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get(runHash: string): OutputHashes | null {
    const file = this.#file(runHash);
    if (!existsSync(file)) return null;
    try {
      const {written} = JSON.parse(readFileSync(file, 'utf8')) as {written: OutputHashes};
      return Object.values(written).every(isContentHash) ? written : null;
    } catch {
      return null; // Missing or spoilt: such a stage runs.
    }
  }

  put(runHash: string, written: OutputHashes): void {
    writeAtomically(this.#file(runHash), JSON.stringify({written}));
  }

  #file(runHash: string): string {
    return path.join(this.#folder, runHash.slice(0, 2), `${runHash.slice(2)}.json`);
  }
}
