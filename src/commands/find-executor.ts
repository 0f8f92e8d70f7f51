import {existsSync} from 'node:fs';
import type {Executor, ExecutorOptions} from '../contract/executor.ts';
import {packageFile} from './package-files.ts';
import {UserError} from './user-error.ts';

/**
 * `src/executors/<name>.ts`, found by its file name: no list to keep. The local one is loaded when the first job comes,
 * because most runs have none; any other may have to say first that it cannot run here.
 */
export const findExecutor = async (name: string, options: ExecutorOptions = {}): Promise<Executor> => {
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(packageFile(`dist/src/executors/${name}.js`))) {
    throw new UserError(`unknown executor "${name}": there is no src/executors/${name}.ts. The default is "local".`);
  }
  if (name === 'local' && options.detach !== true) return whenNeeded(name);
  const executor = await load(name, options);
  const problem = (await executor.problem?.()) ?? null;
  if (problem !== null) throw new UserError(problem);
  if (options.detach === true && executor.find === undefined) {
    throw new UserError(`--detach needs an executor whose jobs outlive this command; those of "${name}" do not.`);
  }
  return executor;
};

// The bundler turns the template into a table of all files that match it.
const load = async (name: string, options: ExecutorOptions): Promise<Executor> =>
  ((await import(`../executors/${name}.ts`)) as {default: (options: ExecutorOptions) => Executor}).default(options);

const whenNeeded = (name: string): Executor => {
  let loaded: Promise<Executor> | undefined;
  let executor: Executor | undefined;
  const loadOnce = async (): Promise<Executor> => (executor = await load(name, {}));
  return {
    name,
    run: async (job, signal) => (await (loaded ??= loadOnce())).run(job, signal),
    kill: () => executor?.kill?.(),
  };
};
