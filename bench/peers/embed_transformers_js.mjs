// Sentences a second of all-MiniLM-L6-v2 in Transformers.js: node embed_transformers_js.mjs SETTINGS.json -> one JSON line.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const {texts, model, modules, runs} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const load = createRequire(path.join(modules, 'package.json'));
const {env, pipeline} = await import(pathToFileURL(load.resolve('@huggingface/transformers')));
env.allowRemoteModels = false;
env.localModelPath = path.dirname(model);
const extract = await pipeline('feature-extraction', path.basename(model), {dtype: 'fp32', device: 'cpu'});
const sorted = [...texts].sort((a, b) => a.length - b.length);
const embed = async count => {
  for (let start = 0; start < count; start += 32)
    await extract(sorted.slice(start, Math.min(count, start + 32)), {pooling: 'mean', normalize: true});
};
await embed(64);
const rates = [];
for (let run = 0; run < runs; run++) {
  const start = performance.now();
  await embed(sorted.length);
  rates.push((sorted.length * 1000) / (performance.now() - start));
}
rates.sort((a, b) => a - b);
console.log(JSON.stringify({rate: rates[rates.length >> 1], runs}));
