import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

/** The TensorFlow.js packages behind the backends that compute at once, and what each calls its backend. */
export const packages = {
  'node-gpu': {name: '@tensorflow/tfjs-node-gpu', backend: 'tensorflow'},
  node: {name: '@tensorflow/tfjs-node', backend: 'tensorflow'},
  wasm: {name: '@tensorflow/tfjs-backend-wasm', backend: 'wasm'},
  cpu: {name: '@tensorflow/tfjs-backend-cpu', backend: 'cpu'},
} as const;

const require = createRequire(import.meta.url);

/**
 * Where a package or one of its files lies: beside us, or in the node_modules folder that DISTILL_TFJS names, since `npm ci`
 * removes what package.json does not ask for. Throws Node's MODULE_NOT_FOUND.
 */
export const resolvePackage = (request: string): string => {
  const elsewhere = process.env['DISTILL_TFJS'];
  if (elsewhere === undefined || elsewhere === '') return require.resolve(request);
  try {
    return require.resolve(request, {paths: [elsewhere]});
  } catch {
    return require.resolve(request);
  }
};

/** Each package is CommonJS and has a version. */
export const versionOf = (name: string): string =>
  (require(resolvePackage(`${name}/package.json`)) as {version: string}).version;

/** Loads a package, which registers its backend with tfjs. */
export const loadPackage = async (name: string): Promise<void> => {
  await import(pathToFileURL(resolvePackage(name)).href);
};
