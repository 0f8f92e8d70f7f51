import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {strFromU8, unzipSync} from 'fflate';
import {expect, it} from 'vitest';
import {submissionFiles} from '../../src/tasks/glue/submission.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {predictionsOf, writePredictions} from '../../src/evaluation/predictions.ts';
import submission from '../../stages/submission.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

/** Predictions of each task's whole test set, the labels in turn, a score of row ÷ 100. */
const writeAll = async (names: readonly string[], {seed = 1, rows = Infinity} = {}): Promise<string> => {
  const folder = await scratchFolder();
  for (const name of names) {
    const task = await loadTask(name);
    const official = task.source.kind === 'files' ? task.source.splits.test!.rows : 0;
    // QQP's 390,965 rows would take longer than all the rest.
    const count = Math.min(rows, official, 10_000);
    const examples = Array.from({length: count}, (_, at) => ({id: String(at), text1: '', text2: null, label: null}));
    const width = task.kind === 'classification' ? task.labels.length : 1;
    const logits = Float32Array.from({length: count * width}, (_, at) =>
      width === 1 ? at / 100 - 1 : Number(at % width === Math.floor(at / width) % width),
    );
    await writePredictions(join(folder, `${name}.test.arrow`), task, {
      ...{task: name, split: 'test', arm: 'single-multi', axis: {}, seed},
      ...predictionsOf(task, examples, logits),
    });
  }
  return folder;
};

const names = Object.keys(submissionFiles);
const params = {arm: 'single-multi', seed: 1};

it('is a zip of all eleven files of the official shape', async () => {
  const predictions = await writeAll(names);
  const {out, logs} = await runStage(submission, {in: {predictions}, params});
  const files = Object.fromEntries(
    Object.entries(unzipSync(readFileSync(out.zip))).map(([name, bytes]) => [name, strFromU8(bytes).split('\n')]),
  );
  // Names and rows as the server's own sample submission has them.
  expect(Object.fromEntries(Object.entries(files).map(([name, lines]) => [name, lines.length - 2]))).toEqual({
    ...{'CoLA.tsv': 1063, 'SST-2.tsv': 1821, 'MRPC.tsv': 1725, 'STS-B.tsv': 1379, 'MNLI-m.tsv': 9796},
    ...{'MNLI-mm.tsv': 9847, 'QNLI.tsv': 5463, 'QQP.tsv': 10_000, 'RTE.tsv': 3000, 'WNLI.tsv': 146, 'AX.tsv': 1104},
  });
  const first = (name: string): string[] => files[name]!.slice(0, 3);
  for (const name of ['CoLA.tsv', 'SST-2.tsv', 'MRPC.tsv', 'QQP.tsv', 'WNLI.tsv'])
    expect(first(name), name).toEqual(['index\tprediction', '0\t0', '1\t1']);
  for (const name of ['RTE.tsv', 'QNLI.tsv'])
    expect(first(name), name).toEqual(['index\tprediction', '0\tnot_entailment', '1\tentailment']);
  for (const name of ['MNLI-m.tsv', 'MNLI-mm.tsv', 'AX.tsv'])
    expect(files[name]!.slice(1, 4), name).toEqual(['0\tentailment', '1\tneutral', '2\tcontradiction']);
  // Scores outside of 0 to 5 are none.
  const scores = files['STS-B.tsv']!;
  expect([scores[1], scores[251], scores[1379]]).toEqual(['0\t0.000', '250\t1.500', '1378\t5.000']);
  expect(files['QQP.tsv']!.at(-1)).toBe('');
  expect(logs).toEqual(['QQP.tsv: 10000 rows; officially 390965, and the server counts']);
  const again = await runStage(submission, {in: {predictions}, params});
  expect(readFileSync(again.out.zip).equals(readFileSync(out.zip))).toBe(true);
}, 60_000);

it('names what is absent, and chooses the seed by dev scores', async () => {
  const predictions = [await writeAll(['rte', 'cola'], {rows: 5}), await writeAll(['rte', 'cola'], {seed: 2, rows: 5})];
  const run = (more: object, scores?: string) =>
    runStage(submission, {in: {predictions, ...(scores && {scores})}, params: {...params, ...more}});
  await expect(run({})).rejects.toThrow(/no test predictions .* of sst-2, mrpc, sts-b, mnli, mnli-mm, qnli, qqp, wnli, ax\. GLUE's server/); // prettier-ignore
  await expect(run({arm: 'multi', incomplete: true})).rejects.toThrow('of cola, sst-2, mrpc');
  await expect(run({seed: 'best-dev', incomplete: true})).rejects.toThrow('no dev scores of the arm "single-multi"');

  const scores = join(await scratchFolder(), 'scores.json');
  const score = (task: string, metric: string, seed: number, value: number) =>
    ({task, split: 'dev', metric, arm: 'single-multi', axis: {}, seed, value}); // prettier-ignore
  const all = [
    ...[score('rte', 'accuracy', 1, 0.7), score('rte', 'accuracy', 2, 0.6), score('rte', 'accuracy', 3, 0.9)],
    ...[score('cola', 'matthews', 1, 0.1), score('cola', 'matthews', 2, 0.3), score('cola', 'accuracy', 1, 0.9)],
  ];
  writeFileSync(scores, JSON.stringify({scores: all}));
  const {out, logs} = await run({seed: 'best-dev', incomplete: true}, scores);
  expect(JSON.parse(readFileSync(out.summary, 'utf8'))).toMatchObject({seed: 2, rows: {'RTE.tsv': 5, 'CoLA.tsv': 5}});
  expect(logs).toContain('RTE.tsv: 5 rows; officially 3000, and the server counts');
  expect(logs.at(-1)).toMatch(/no test predictions .*: the server will refuse this zip$/);
});
