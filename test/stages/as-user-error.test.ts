import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {asUserError} from '../../src/contract/as-user-error.ts';
import {StageError} from '../../src/contract/stage.ts';
import {EngineError} from '../../src/engine/errors.ts';
import {InputError} from '../../src/report/input-error.ts';
import evaluate from '../../stages/evaluate.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const thrown = (error: unknown): unknown => {
  try {
    asUserError(() => {
      throw error;
    });
  } catch (found) {
    return found;
  }
  return undefined;
};

it('makes what the user can repair a StageError with the same message', async () => {
  for (const error of [new Error('a.tsv:3: bad'), new InputError('no scores'), new EngineError('no such backend')]) {
    const [now, later] = [
      thrown(error),
      await asUserError(() => Promise.reject(error)).catch((found: unknown) => found),
    ];
    for (const found of [now, later]) {
      expect(found).toBeInstanceOf(StageError);
      expect(found).toMatchObject({message: error.message, cause: error});
    }
  }
});

it('leaves our own mistakes, interruptions and StageErrors as they are', async () => {
  const stopped = AbortSignal.abort().reason as unknown;
  for (const error of [
    new TypeError('x is undefined'),
    new Error('Internal error: x'),
    new StageError('y'),
    stopped,
    7,
  ]) {
    expect(thrown(error)).toBe(error);
    await expect(asUserError(() => Promise.reject(error as Error))).rejects.toBe(error);
  }
});

it('hands results through, awaited or not', async () => {
  expect(asUserError(() => 3)).toBe(3);
  expect(await asUserError(() => Promise.resolve(4))).toBe(4);
});

it('tells of a file that holds no predictions without a trace', async () => {
  const file = join(await scratchFolder(), 'dev.arrow');
  await writeFile(file, 'not an Arrow file');
  const failure = await runStage(evaluate, {params: {tasks: ['rte']}, in: {predictions: file}}).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(StageError);
  expect(failure).toMatchObject({message: expect.stringContaining(file) as string});
});
