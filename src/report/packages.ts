import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

/**
 * The packages whose arithmetic, text and file formats the results rest on. Each is named by an import that is never
 * made: that is what puts its version into the key of the report, so that the footer cannot outlive an update.
 */
const counted: Readonly<Record<string, () => Promise<unknown>>> = {
  '@node-rs/jieba': () => import('@node-rs/jieba'),
  '@tensorflow/tfjs-core': () => import('@tensorflow/tfjs-core'),
  'apache-arrow': () => import('apache-arrow'),
  'onnxruntime-node': () => import('onnxruntime-node'),
  vega: () => import('vega'),
  'vega-lite': () => import('vega-lite'),
};

/** `onnxruntime-node 1.30.0`, as installed; a package that is not installed is left out. */
export const packageVersions = (): string[] => {
  const require = createRequire(import.meta.url);
  return Object.keys(counted).flatMap(name => {
    const folders = require.resolve.paths(name) ?? [];
    const file = folders.map(folder => path.join(folder, name, 'package.json')).find(existsSync);
    if (file === undefined) return [];
    const {version} = JSON.parse(readFileSync(file, 'utf8')) as {version?: string};
    return version === undefined ? [] : [`${name} ${version}`];
  });
};
