import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

/** Where this tool's own files are: what a project's stages import when their own folder has no such package. */
export interface Tool {
  /** The package's folder. */
  readonly root: string;
  /** The compiled worker (JavaScript). */
  readonly worker: string;
  /** What `distill-pipeline/stage` is (JavaScript). */
  readonly stage: string;
}

export const packageName = 'distill-pipeline';

let found: Tool | undefined;

/** The package that this very module belongs to, be it a source, a compiled module or a bundle. */
export const defaultTool = (): Tool => {
  if (found !== undefined) return found;
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as {name?: string}).name === packageName) {
      const compiled = path.join(folder, 'dist', 'src');
      found = {
        root: folder,
        worker: path.join(compiled, 'worker.js'),
        stage: path.join(compiled, 'contract', 'stage.js'),
      };
      return found;
    }
    if (folder === path.dirname(folder))
      throw new Error(`Internal error: no package.json of ${packageName} above ${import.meta.url}`);
  }
};

/** The folder in which the tool's packages lie: its own, or the one that it was installed into; null when there is neither. */
export const packagesOf = ({root}: Tool): string | null => {
  for (let folder = root; ; folder = path.dirname(folder)) {
    const packages = path.basename(folder) === 'node_modules' ? folder : path.join(folder, 'node_modules');
    if (existsSync(path.join(packages, 'zod'))) return packages;
    if (folder === path.dirname(folder)) return null;
  }
};

/** ESM resolution of a bare specifier from the tool's own folder; null when there is no such package. */
export const resolveFromTool = (tool: Tool, specifier: string): string | null => {
  if (specifier === `${packageName}/stage`) return new URL(`file://${tool.stage}`).href;
  try {
    return import.meta.resolve(specifier);
  } catch {
    return null;
  }
};
