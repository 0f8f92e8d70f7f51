import fs from 'node:fs';
import {join} from 'node:path';

/**
 * Files of predictions among inputs: a file is itself; a folder, which stages that train on several tasks write, stands for
 * the .arrow files in it, in the order of their names.
 */
export const predictionFiles = <T extends {readonly path: string}>(inputs: readonly T[]): T[] =>
  inputs.flatMap(input => {
    if (!fs.statSync(input.path).isDirectory()) return [input];
    const names = fs.readdirSync(input.path).filter(name => name.endsWith('.arrow'));
    return names.sort().map(name => ({...input, path: join(input.path, name)}));
  });
