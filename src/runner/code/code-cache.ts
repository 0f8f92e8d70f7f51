import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {digestOf} from '../state/content-hash.ts';
import {hashText} from '../state/hash-file.ts';
import type {StatCache} from '../state/stat-cache.ts';
import {writeAtomically, writeIfPossible} from '../state/write-atomically.ts';
import {compile, CompileError} from './compile.ts';
import type {ModuleId} from './module-tree.ts';

/** What planning has to know of one module. */
export interface ModuleFacts {
  /** Hash of the source bytes that this was made from. */
  readonly source: string;
  /** Hash of the compiled text: this is what the key holds. */
  readonly digest: string;
  readonly relative: readonly string[];
  readonly bare: readonly string[];
  /** A syntax error, for people; such a module's digest is that of its source. */
  readonly problem?: string;
}

/**
 * Compiled modules by the content of their source: an unchanged project is planned without a compiler, and without
 * reading a module.
 */
export class CodeCache {
  readonly #folder: string;
  readonly #compiler: string;
  readonly #stats: StatCache;
  #modules: Record<ModuleId, ModuleFacts> | undefined;
  #isChanged = false;

  /** `compiler` changes when compiled text may come out differently. */
  constructor(folder: string, compiler: string, stats: StatCache) {
    this.#folder = folder;
    this.#compiler = compiler;
    this.#stats = stats;
  }

  /** null when there is no such file. */
  async facts(id: ModuleId, file: string): Promise<ModuleFacts | null> {
    const hash = this.#stats.hash(file);
    if (hash === null || hash.endsWith('t')) return null;
    this.#modules ??= this.#load();
    const known = this.#modules[id];
    if (known?.source === digestOf(hash)) return known;
    const facts = await this.#compile(id, file);
    this.#modules[id] = facts;
    this.#isChanged = true;
    return facts;
  }

  /** The compiled text and its source map. */
  async text(id: ModuleId, file: string, facts: ModuleFacts): Promise<{text: string; map: string}> {
    const [text, map] = this.#files(facts.digest);
    if (!existsSync(text) || hashText(readFileSync(text, 'utf8')) !== facts.digest || !existsSync(map)) {
      await this.#compile(id, file);
    }
    return {text: readFileSync(text, 'utf8'), map: readFileSync(map, 'utf8')};
  }

  save(): void {
    if (!this.#isChanged) return;
    writeIfPossible(this.#index, JSON.stringify({compiler: this.#compiler, modules: this.#modules}));
    this.#isChanged = false;
  }

  async #compile(id: ModuleId, file: string): Promise<ModuleFacts> {
    const bytes = readFileSync(file);
    const source = createHash('sha256').update(bytes).digest('hex');
    if (!/\.m?[tj]s$/.test(id)) return {source, digest: source, relative: [], bare: []};
    try {
      const {text, map, relative, bare} = await compile(bytes.toString('utf8'), id, file);
      const digest = hashText(text);
      const [textFile, mapFile] = this.#files(digest);
      writeAtomically(textFile, text);
      writeAtomically(mapFile, map);
      return {source, digest, relative, bare};
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      return {source, digest: source, relative: [], bare: [], problem: error.message};
    }
  }

  #files(digest: string): [string, string] {
    const file = path.join(this.#folder, 'files', `${digest}.js`);
    return [file, `${file}.map`];
  }

  get #index(): string {
    return path.join(this.#folder, 'modules.json');
  }

  #load(): Record<ModuleId, ModuleFacts> {
    try {
      const {compiler, modules} = JSON.parse(readFileSync(this.#index, 'utf8')) as {
        compiler: string;
        modules: Record<ModuleId, ModuleFacts>;
      };
      return compiler === this.#compiler ? modules : {};
    } catch {
      return {};
    }
  }
}
