import {createRequire} from 'node:module';
import type * as tinyglobby from 'tinyglobby';

let glob: typeof tinyglobby.globSync | undefined;

/** Files that a glob matches, root-relative with `/`, in code-unit order. */
export const expandGlob = (root: string, pattern: string): string[] => {
  // Loaded by the first pipeline that has a glob: planning is synchronous, and most need none.
  glob ??= (createRequire(import.meta.url)('tinyglobby') as typeof tinyglobby).globSync;
  const ignore = ['.pipeline/**', ...(pattern.includes('node_modules') ? [] : ['**/node_modules/**'])];
  return glob(pattern, {cwd: root, ignore, expandDirectories: false}).sort();
};
