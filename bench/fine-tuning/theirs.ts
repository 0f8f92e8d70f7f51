import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {createRandom} from '../../src/math/random.ts';
import {loadTask} from '../../src/tasks/load.ts';
import {readExamples} from '../../src/tasks/read.ts';
import {epochOrder, mixtureOf} from '../../src/training/multi-task/epoch-order.ts';
import {repository, work} from '../harness/places.ts';
import {artifact, scoreOf, type TaskName} from './ours.ts';

const execute = promisify(execFile);
const script = path.join(repository, 'bench/reference/finetune_transformers.py');

/** As in papers/bam.yaml, profile small. */
const settings = {epochs: 3, batch: 32, learningRate: 0.0001, layerDecay: 0.9, maxPieces: 128};

/** The script's score on the dev set; answers of earlier runs are kept in bench/.work, by what was asked and the script. */
export const theirScore = async (task: TaskName, seed: number): Promise<number | {readonly reason: string}> => {
  const python = process.env['BENCH_PYTHON'] ?? path.join(repository, 'bench/.venv/bin/python');
  if (!existsSync(python)) return {reason: 'transformers is not installed: bash bench/setup.sh embed'};
  const own = await loadTask(task);
  const [train, dev] = ['train', 'dev'].map(split => artifact(`task/task=${task}/${split}.tsv`)) as [string, string];
  const mixture = mixtureOf([readExamples(train, own).length], {by: 'copies', exponent: 0.75});
  const random = createRandom(seed).fork('order');
  const orders = Array.from({length: settings.epochs}, (_, epoch) => [
    ...epochOrder(mixture, random.fork(`epoch-${epoch}`)),
  ]);
  const labels = own.kind === 'classification' ? own.labels : [];
  const request = JSON.stringify({...settings, model: artifact('encoder/encoder'), train, dev, labels, orders, seed});
  const key = createHash('sha256').update(request).update(readFileSync(script)).digest('hex').slice(0, 16);
  const folder = path.join(work, 'finetune');
  const answer = path.join(folder, `${task}-${seed}-${key}.json`);
  if (!existsSync(answer)) {
    mkdirSync(folder, {recursive: true});
    writeFileSync(`${answer}.request`, request);
    try {
      const {stdout} = await execute(python, [script, `${answer}.request`], {maxBuffer: 2 ** 26});
      writeFileSync(answer, stdout);
    } catch (error) {
      const {stderr = String(error)} = error as {stderr?: string};
      return {reason: stderr.trim().split('\n').at(-1) ?? 'the script failed'};
    }
  }
  const {predictions} = JSON.parse(readFileSync(answer, 'utf8')) as {predictions: string[]};
  return scoreOf(
    task,
    readExamples(dev, own).map(({label}) => label!),
    predictions,
  );
};
