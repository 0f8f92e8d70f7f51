import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';

/** A module by its place in the project, `stages/idf.ts`, or in the tool, `@tool/stages/idf.ts`. */
export type ModuleId = string;

/** What holds the tool's modules in a tree of compiled ones. */
export const toolFolder = '@tool';
const toolPrefix = `${toolFolder}/`;

/** The two trees in which stage code lies: the project's own, and the tool's for stage types that the project lacks. */
export class ModuleTree {
  readonly #root: string;
  readonly #toolRoot: string;

  constructor(root: string, toolRoot: string) {
    this.#root = root;
    this.#toolRoot = toolRoot;
  }

  isTools(id: ModuleId): boolean {
    return id.startsWith(toolPrefix);
  }

  file(id: ModuleId): string {
    return this.isTools(id) ? path.join(this.#toolRoot, id.slice(toolPrefix.length)) : path.join(this.#root, id);
  }

  stage(type: string): ModuleId | null {
    for (const prefix of this.#prefixes()) {
      for (const extension of ['.ts', '.js', '.mjs']) {
        const id = `${prefix}stages/${type}${extension}`;
        if (existsSync(this.file(id))) return id;
      }
    }
    return null;
  }

  stageNames(): string[] {
    const names = new Set<string>();
    for (const prefix of this.#prefixes()) {
      const folder = this.file(`${prefix}stages`);
      if (!existsSync(folder)) continue;
      for (const name of readdirSync(folder)) {
        const [, type] = /^([^.].*?)(?<!\.d|\.test)\.(?:ts|js|mjs)$/.exec(name) ?? [];
        if (type !== undefined) names.add(type);
      }
    }
    return [...names].sort();
  }

  /** Where a relative specifier leads; null when it leaves the tree. The file need not exist. */
  resolve(from: ModuleId, specifier: string): ModuleId | null {
    const prefix = this.isTools(from) ? toolPrefix : '';
    return this.#existing(prefix, path.posix.join(path.posix.dirname(from.slice(prefix.length)), specifier));
  }

  /** A root-relative module that the stage `from` named in `uses`. */
  used(from: ModuleId, module: string): ModuleId | null {
    return this.#existing(this.isTools(from) ? toolPrefix : '', path.posix.normalize(module));
  }

  #existing(prefix: string, relative: string): ModuleId | null {
    if (relative.startsWith('../') || relative === '..' || path.posix.isAbsolute(relative)) return null;
    const id = prefix + relative;
    // TypeScript's other habit: `./x.js` written for `./x.ts`.
    const typed = id.replace(/\.(m?)js$/, '.$1ts');
    return typed !== id && !existsSync(this.file(id)) && existsSync(this.file(typed)) ? typed : id;
  }

  #prefixes(): string[] {
    return path.resolve(this.#root) === path.resolve(this.#toolRoot) ? [''] : ['', toolPrefix];
  }
}

/** The compiled module's place in its own tree. */
export const compiledPath = (id: ModuleId): string => id.replace(/\.(m?)ts$/, '.$1js');
