import {readdirSync} from 'node:fs';
import path from 'node:path';
import {describe, test} from 'vitest';
import type {Executor} from '../../src/contract/executor.ts';
import {executorConformance} from './executor.ts';

// Every file of src/executors is held to the same suite; one whose place is not here says so and is left out.
const folder = path.join(import.meta.dirname, '..', '..', 'src', 'executors');

for (const file of readdirSync(folder).filter(name => name.endsWith('.ts'))) {
  const {default: create} = (await import(path.join(folder, file))) as {default: () => Executor};
  const problem = (await create().problem?.()) ?? null;
  const name = path.basename(file, '.ts');
  if (problem === null) executorConformance(name, create);
  else describe(`executor ${name}`, () => test.skip(`left out: ${problem}`, () => {}));
}
