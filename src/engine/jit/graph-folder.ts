import {createHash, type Hash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type {NamedValue} from './emit.ts';
import type {MemoryNeed} from './memory-need.ts';

/** Part of every key. To be raised whenever the same trace gives another model; test/engine/graph-folder.test.ts notices. */
export const graphFormat = 1;

/** What a trace leads to: an encoded model, and what it takes to run. */
export interface StoredGraph {
  readonly model: Uint8Array;
  readonly need: MemoryNeed;
}

/** Files beyond this number go, the longest unused first. */
const mostGraphs = 1000;

const extension = '.graph';
const hashBytes = 32;

/**
 * The hash of everything that a trace made, in order: operators with their attributes, inputs, shapes, types, and each
 * number that became a constant. Two traces with one hash are one graph, whatever the code or the data they came from.
 */
export class TraceDigest {
  readonly #hash: Hash = createHash('sha256').update(`${graphFormat}\n`);
  #closed = false;

  readonly add = (description: string): void => {
    // What a check traces afterwards is no part of the graph.
    if (!this.#closed) this.#hash.update(description).update('\n');
  };

  /** With what is to be computed, by the values' numbers. */
  close(outputs: readonly NamedValue[]): string {
    this.add(JSON.stringify(outputs.map(({name, value}) => [name, value.id])));
    this.#closed = true;
    return this.#hash.digest('hex');
  }
}

/**
 * Graphs of earlier processes, by the hash of their trace. A file that is damaged or cut off is as good as none, and so is a folder
 * that may not be read or written: then graphs are made anew.
 */
export class GraphFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(key: string): StoredGraph | null {
    try {
      const file = this.#path(key);
      const bytes = fs.readFileSync(file);
      const content = bytes.subarray(hashBytes);
      if (!createHash('sha256').update(content).digest().equals(bytes.subarray(0, hashBytes))) return null;
      const length = content.readUInt32LE(0);
      const need = JSON.parse(content.toString('utf8', 4, 4 + length)) as MemoryNeed;
      const now = new Date();
      fs.utimesSync(file, now, now);
      return {need, model: Uint8Array.from(content.subarray(4 + length))};
    } catch {
      return null;
    }
  }

  write(key: string, {model, need}: StoredGraph): void {
    const facts = Buffer.from(JSON.stringify(need));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(facts.length);
    const content = Buffer.concat([length, facts, model]);
    const temporary = this.#path(`${key}.${process.pid}`);
    try {
      fs.mkdirSync(this.#folder, {recursive: true});
      fs.writeFileSync(temporary, Buffer.concat([createHash('sha256').update(content).digest(), content]));
      fs.renameSync(temporary, this.#path(key));
      this.#prune();
    } catch {
      try {
        fs.rmSync(temporary, {force: true});
      } catch {
        // Where nothing may be written there is nothing to remove.
      }
    }
  }

  #path(key: string): string {
    return path.join(this.#folder, `${key}${extension}`);
  }

  #prune(): void {
    const names = fs.readdirSync(this.#folder).filter(name => name.endsWith(extension));
    if (names.length <= mostGraphs) return;
    const byUse = names
      .map(name => path.join(this.#folder, name))
      .map(file => ({file, used: fs.statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? 0}))
      .sort((a, b) => a.used - b.used);
    // A tenth more than need be, so that not every new graph looks at all of them.
    for (const {file} of byUse.slice(0, names.length - 0.9 * mostGraphs)) fs.rmSync(file, {force: true});
  }
}
