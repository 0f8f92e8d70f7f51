import {join} from 'node:path';
import {defaultTool} from '../runner/code/tool.ts';

/** Absolute path of a file of this package, e.g. `dist/src/worker.js`, wherever this module itself runs from. */
export const packageFile = (path: string): string => join(defaultTool().root, path);
