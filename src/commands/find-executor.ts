import {existsSync} from 'node:fs';
import type {Executor} from '../contract/executor.ts';
import {packageFile} from './package-files.ts';
import {UserError} from './user-error.ts';

/**
 * `src/executors/<name>.ts`, found by its file name: no list to keep. Loaded when the first job comes, because most runs
 * have none.
 */
export const findExecutor = (name: string): Executor => {
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(packageFile(`dist/src/executors/${name}.js`))) {
    throw new UserError(`unknown executor "${name}": there is no src/executors/${name}.ts. The default is "local".`);
  }
  let loaded: Promise<Executor> | undefined;
  let executor: Executor | undefined;
  const load = async (): Promise<Executor> => {
    // The bundler turns the template into a table of all files that match it.
    const module = (await import(`../executors/${name}.ts`)) as {default: () => Executor};
    return (executor = module.default());
  };
  return {
    name,
    run: async (job, signal) => (await (loaded ??= load())).run(job, signal),
    kill: () => executor?.kill?.(),
  };
};
