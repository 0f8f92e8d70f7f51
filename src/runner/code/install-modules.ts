import {existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {hashText} from '../state/hash-file.ts';
import {temporaryName} from '../state/write-atomically.ts';
import {compiledPath, type ModuleId, toolFolder} from './module-tree.ts';
import type {StageClosure} from './stage-closure.ts';
import {packagesOf, resolveFromTool, type Tool} from './tool.ts';

interface Installation {
  readonly folder: string;
  readonly closure: StageClosure;
  readonly tool: Tool;
  readonly read: (id: ModuleId) => Promise<{text: string; map: string | null}>;
  /** True for packages that do not resolve from the module's own tree. */
  readonly isFromTool: (id: ModuleId, specifier: string) => boolean;
}

/**
 * Writes a closure as a tree of JavaScript of its own, `code/<hash>/stages/x.js`, in one rename. It never changes
 * afterwards: editing a stage while its job runs, or two runs at once, cannot mix two versions of the code.
 */
export const installModules = async ({folder, closure, tool, read, isFromTool}: Installation): Promise<string> => {
  // The tool's place is in the name because modules of packages are imported from there by absolute path.
  const target = path.join(folder, hashText(`2 ${closure.digest} ${tool.root} ${tool.stage}`).slice(0, 24));
  const entry = path.join(target, compiledPath(closure.entry));
  if (existsSync(entry)) return entry;
  const lexer = await import('es-module-lexer');
  await lexer.init;
  const temporary = path.join(folder, `${temporaryName()}.tmp`);
  try {
    for (const [id, digest] of Object.entries(closure.files)) {
      if (digest === null) continue;
      const {text, map} = await read(id);
      const file = path.join(temporary, compiledPath(id));
      mkdirSync(path.dirname(file), {recursive: true});
      if (map === null) writeFileSync(file, text);
      else {
        let result = '';
        let done = 0;
        for (const {s, e, n} of lexer.parse(text)[0]) {
          if (n === undefined || /^(?:\.{0,2}\/|[a-z]+:)/.test(n) || !isFromTool(id, n)) continue;
          const url = resolveFromTool(tool, n);
          if (url === null) continue; // Node's own message names the package.
          result += text.slice(done, s) + text.slice(s, e).replace(n, url);
          done = e;
        }
        writeFileSync(file, `${result}${text.slice(done)}\n//# sourceMappingURL=${path.basename(file)}.map\n`);
        writeFileSync(`${file}.map`, map);
      }
    }
    // Modules of the tool ask for data by `createRequire(import.meta.url)`, which looks in the folders above.
    const packages = packagesOf(tool);
    const own = path.join(temporary, toolFolder);
    if (packages !== null && existsSync(own)) symlinkSync(packages, path.join(own, 'node_modules'), 'junction');
    // The project's own package.json may say that .js is CommonJS.
    writeFileSync(path.join(temporary, 'package.json'), '{"type":"module"}\n');
    renameSync(temporary, target);
  } catch (error) {
    // Another process was faster: what it wrote is the same.
    if (!existsSync(entry)) throw error;
  } finally {
    rmSync(temporary, {recursive: true, force: true});
  }
  return entry;
};
