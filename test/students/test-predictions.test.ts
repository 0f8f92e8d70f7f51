import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import testPredictions from '../../stages/test-predictions.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {writePredictions} from '../../src/evaluation/predictions.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const predictionsFile = async (
  run: {arm: string; seed: number; split?: 'dev' | 'test'; axis?: Record<string, string>},
  predictions: readonly number[],
  ids = predictions.map((_, at) => String(at)),
): Promise<string> => {
  const file = join(await scratchFolder(), 'test.arrow');
  await writePredictions(file, await loadTask('sts-b'), {
    ...{task: 'sts-b', split: 'test', axis: {}, ...run},
    ...{ids, labels: ids.map(() => null), predictions, logits: Float32Array.from(predictions)},
  });
  return file;
};

test('a row an example, a column an arm and seed; dev and empty files are passed over', async () => {
  const predictions = [
    await predictionsFile({arm: 'student', seed: 2}, [1.25, 3.123456789]),
    await predictionsFile({arm: 'student', seed: 1, axis: {domain: 'sts-b'}}, [0.5, 4]),
    await predictionsFile({arm: 'other', seed: 1}, []),
    await predictionsFile({arm: 'student', seed: 1, split: 'dev'}, [9, 9, 9]),
    await predictionsFile({arm: 'a', seed: 10}, [2, 1e-7]),
  ];
  const {out} = await runStage(testPredictions, {params: {tasks: ['sts-b', 'mrpc']}, in: {predictions}});
  expect(readFileSync(join(out.tables, 'sts-b.tsv'), 'utf8')).toBe(
    'index\ta seed=10\tstudent domain=sts-b seed=1\tstudent seed=2\n0\t2\t0.5\t1.25\n1\t1e-7\t4\t3.12346\n',
  );
  expect(existsSync(join(out.tables, 'mrpc.tsv'))).toBe(false);
  const strange = await predictionsFile({arm: 'b', seed: 1}, [1, 2], ['0', '7']);
  await expect(
    runStage(testPredictions, {params: {tasks: ['sts-b']}, in: {predictions: [...predictions, strange]}}),
  ).rejects.toThrow('different examples');
  await expect(runStage(testPredictions, {params: {tasks: ['mrpc']}, in: {predictions}})).rejects.toThrow(
    'of the task "sts-b"',
  );
});
