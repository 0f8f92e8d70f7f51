import {existsSync, readFileSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import path from 'node:path';
import {hashText} from '../state/hash-file.ts';
import type {StatCache} from '../state/stat-cache.ts';
import {CodeCache, type ModuleFacts} from './code-cache.ts';
import {installModules} from './install-modules.ts';
import {type ModuleId, ModuleTree} from './module-tree.ts';
import {packageOf, PackageVersions} from './package-versions.ts';
import type {StageClosure} from './stage-closure.ts';
import {packageName, type Tool} from './tool.ts';

/** Finds, compiles and fingerprints the modules of stage types. */
export class StageCode {
  readonly tree: ModuleTree;
  readonly #cache: CodeCache;
  readonly #tool: Tool;
  readonly #root: string;
  readonly #folder: string;
  readonly #facts = new Map<ModuleId, ModuleFacts>();
  /** Modules that this planning has looked at, null for missing ones: stage types share most of their code. */
  readonly #seen = new Map<ModuleId, ModuleFacts | null>();
  #project: PackageVersions;
  #tools: PackageVersions;

  constructor(root: string, folder: string, tool: Tool, stats: StatCache) {
    this.tree = new ModuleTree(root, tool.root);
    const manifest = path.join(tool.root, 'package.json');
    const compiler = existsSync(manifest) ? hashText(readFileSync(manifest, 'utf8')) : '';
    this.#cache = new CodeCache(folder, compiler, stats);
    this.#tool = tool;
    this.#root = root;
    this.#folder = folder;
    this.#project = new PackageVersions(root);
    this.#tools = new PackageVersions(tool.root);
  }

  /** null when there is no such stage type. `uses` are root-relative modules that it loads by computed names. */
  async closure(type: string, uses: readonly string[] = []): Promise<StageClosure | null> {
    const entry = this.tree.stage(type);
    if (entry === null) return null;
    const problems: string[] = [];
    const files: Record<ModuleId, string | null> = {};
    const packages: Record<string, string> = {};
    const open: ModuleId[] = [];
    const reach = (id: ModuleId | null, by: string, written: string): void => {
      if (id === null) problems.push(`${by} \`${written}\`, which is outside the project`);
      else if (!(id in files)) {
        files[id] = null;
        open.push(id);
        if (!this.#seen.get(id) && !existsSync(this.tree.file(id)))
          problems.push(`${by} \`${written}\`, but there is no file ${id}`);
      }
    };
    reach(entry, 'the pipeline uses', type);
    for (const module of uses) reach(this.tree.used(entry, module), `${entry} uses`, module);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      let facts = this.#seen.get(id);
      if (facts === undefined) this.#seen.set(id, (facts = await this.#cache.facts(id, this.tree.file(id))));
      if (facts === null) continue;
      this.#facts.set(id, facts);
      files[id] = facts.digest;
      if (facts.problem !== undefined) problems.push(facts.problem);
      for (const specifier of facts.relative) reach(this.tree.resolve(id, specifier), `${id} imports`, specifier);
      for (const specifier of facts.bare) Object.assign(packages, this.#versions(id, specifier));
    }
    const sorted = sortKeys(files);
    const closure = {entry, files: sorted, packages: sortKeys(packages), problems};
    return {...closure, digest: hashText(JSON.stringify([entry, sorted, closure.packages, problems]))};
  }

  /** Puts the compiled modules where a worker can import them and returns the entry's absolute path. */
  async install(closure: StageClosure): Promise<string> {
    return installModules({
      folder: this.#folder,
      closure,
      tool: this.#tool,
      read: async id => {
        const file = this.tree.file(id);
        const facts = this.#facts.get(id);
        if (facts === undefined) throw new Error(`Internal error: ${id} is not in a known closure`);
        return /\.m?[tj]s$/.test(id)
          ? this.#cache.text(id, file, facts)
          : {text: readFileSync(file, 'utf8'), map: null};
      },
      isFromTool: (id, specifier) => !isBuiltin(specifier) && !this.#isInstalled(id, packageOf(specifier)),
    });
  }

  save(): void {
    this.#cache.save();
  }

  /** Modules and package files are read once a planning; another planning of the same process must see edits. */
  refresh(): void {
    this.#seen.clear();
    this.#project = new PackageVersions(this.#root);
    this.#tools = new PackageVersions(this.#tool.root);
  }

  #versions(id: ModuleId, specifier: string): Readonly<Record<string, string>> {
    const name = packageOf(specifier);
    // The contract is identity functions and types: a new release of this tool is no reason to train again.
    if (isBuiltin(specifier) || name === packageName) return {};
    return (this.tree.isTools(id) ? null : this.#project.closure(name)) ?? this.#tools.closure(name) ?? {};
  }

  #isInstalled(id: ModuleId, name: string): boolean {
    if (name === packageName) return false;
    if (this.tree.isTools(id)) return false;
    for (let folder = this.#root; ; folder = path.dirname(folder)) {
      if (existsSync(path.join(folder, 'node_modules', name))) return true;
      if (folder === path.dirname(folder)) return false;
    }
  }
}

const sortKeys = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
