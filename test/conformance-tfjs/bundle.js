import {createRequire} from 'node:module';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {glob} from 'tinyglobby';

const require = createRequire(import.meta.url);
const core = dirname(require.resolve('@tensorflow/tfjs-core/package.json'));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Paths of TensorFlow.js's test files below its `dist`, sorted. */
export const testFiles = async () =>
  (await glob('**/*_test.js', {cwd: join(core, 'dist')})).map(path => path.replaceAll('\\', '/')).sort();

/**
 * The test files and our backend as one module. Node cannot import the tests as they lie there (ES modules in a CommonJS
 * package), and they must share one tfjs-core with the backend: both get its ES modules, with TensorFlow.js's own gradients.
 *
 * @param {readonly string[]} files below tfjs-core's `dist`
 * @param {string} outfile
 */
export const bundle = async (files, outfile) => {
  const own = path => JSON.stringify(join(root, path));
  const entry = [
    `export {recordingBackend, backendName} from ${own('src/engine/jit/backend.ts')};`,
    `export * as tf from ${JSON.stringify(join(core, 'dist/index.js'))};`,
    `export {setTestEnvs} from ${JSON.stringify(join(core, 'dist/jasmine_util.js'))};`,
    // As applications load them: gradients, and operations as methods of tensors.
    `import ${JSON.stringify(join(core, 'dist/register_all_gradients.js'))};`,
    `import ${JSON.stringify(join(core, 'dist/public/chained_ops/register_all_chained_ops.js'))};`,
    // Functions, so that tests are declared after the backend is there, and the runner knows of which file they are.
    'export const declare = {',
    ...files.map(path => `  ${JSON.stringify(path)}: () => require(${JSON.stringify(join(core, 'dist', path))}),`),
    '};',
  ];
  await build({
    stdin: {contents: entry.join('\n'), resolveDir: root, loader: 'js'},
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node', 'node-fetch', '*.node'],
    banner: {
      js: `import {createRequire as requireFrom} from 'node:module'; const require = requireFrom(${JSON.stringify(import.meta.url)});`,
    },
    plugins: [oneCore, noJasmine],
  });
  return relative(process.cwd(), outfile);
};

const oneCore = {
  name: 'one tfjs-core',
  setup: ({onResolve}) => {
    onResolve({filter: /^@tensorflow\/tfjs-core$/}, () => ({path: join(core, 'dist/index.js')}));
  },
};

/** tfjs-core's helper loads Jasmine itself, only to raise a time limit; the runner has loaded it already. */
const noJasmine = {
  name: 'no second Jasmine',
  setup: ({onResolve, onLoad}) => {
    onResolve({filter: /^jasmine-core\//}, () => ({path: 'jasmine', namespace: 'empty'}));
    onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'module.exports = {core: () => ({})};'}));
  },
};
