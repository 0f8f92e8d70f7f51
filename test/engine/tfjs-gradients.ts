import {mkdtempSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {build} from 'esbuild';

/**
 * TensorFlow.js's own gradients, registered with its global registry: an oracle for ours. Node cannot import the modules
 * that hold them (see src/engine/gradients.ts), so they are bundled first.
 */
export const registerTfjsGradients = async (): Promise<void> => {
  const core = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'));
  const outfile = join(mkdtempSync(join(tmpdir(), 'tfjs-gradients-')), 'gradients.mjs');
  await build({
    entryPoints: [join(core, 'dist/register_all_gradients.js')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: `import {createRequire} from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
  });
  await import(pathToFileURL(outfile).href);
};
