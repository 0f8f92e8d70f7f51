import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import cluster from '../../stages/cluster.ts';
import {openArrowWriter, readArrow} from '../../src/io/arrow.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

// Three classes of the task `topic`, with vectors that point where their class does, at any length.
const labels = ['act', 'food', 'person'];
const rows = Array.from({length: 30}, (_, at) => ({id: String(at), text: `text ${at}`, label: labels[at % 3]!}));

const files = async () => {
  const folder = await scratchFolder();
  const [tsv, vectors] = [join(folder, 'dev.tsv'), join(folder, 'vectors.arrow')];
  writeFileSync(tsv, `id\tsentence1\tlabel\n${rows.map(({id, text, label}) => `${id}\t${text}\t${label}\n`).join('')}`);
  const writer = openArrowWriter(vectors, {id: 'uint32', text: 'utf8', vector: {float32: 3}});
  await writer.append({
    id: Uint32Array.from(rows.keys()),
    text: rows.map(({text}) => text),
    vector: Float32Array.from(
      rows.flatMap((_, at) => [0, 1, 2].map(axis => (axis === at % 3 ? 1 : 0.01 * (at % 5)) * (1 + at))),
    ),
  });
  await writer.close();
  return {rows: tsv, vectors};
};

test('texts fall into the clusters of their classes: scores as evaluate has them', async () => {
  const input = await files();
  const params = {task: 'topic', clusters: 3, seed: 2, arm: 'ltd'};
  const run = () => runStage(cluster, {in: input, params, axis: {task: 'topic', labels: 'all'}});
  const {out} = await run();
  const {scores} = JSON.parse(readFileSync(out.scores, 'utf8')) as {scores: object[]};
  const common = {task: 'topic', split: 'dev', arm: 'ltd', axis: {labels: 'all'}, seed: 2};
  expect(scores).toEqual(['purity', 'nmi', 'ari'].map(metric => ({...common, metric, value: expect.closeTo(1, 9) as number}))); // prettier-ignore
  const table = readArrow(out.clusters);
  expect(new Set(Array.from(table.numbers('cluster')).slice(0, 3)).size).toBe(3);
  const again = await run();
  expect(readFileSync(again.out.clusters)).toEqual(readFileSync(out.clusters));
});

test('what cannot be clustered is refused', async () => {
  const input = await files();
  const run = (params: object) => runStage(cluster, {in: input, params: params as {task: string}});
  await expect(run({task: 'sim'})).rejects.toThrow('"sim" is not one of single texts with classes');
  await expect(run({task: 'topic', clusters: 40})).rejects.toThrow('30 labelled rows, fewer than the 40 clusters');
  await expect(run({task: 'topic', cluster: 3})).rejects.toThrow(/cluster/);
  const {vectors: _, ...rest} = input;
  const other = join(await scratchFolder(), 'other.arrow');
  const writer = openArrowWriter(other, {id: 'uint32', text: 'utf8', vector: {float32: 1}});
  await writer.append({id: Uint32Array.of(0), text: ['something else'], vector: Float32Array.of(1)});
  await writer.close();
  await expect(runStage(cluster, {in: {...rest, vectors: other}, params: {task: 'topic'}})).rejects.toThrow('no vector of the text "text 0"'); // prettier-ignore
});
