import {pathToFileURL} from 'node:url';
import {arities} from '../../contract/arity.ts';
import type {AnyStage} from '../../contract/stage.ts';
import type {StageType, StageTypes} from '../config/stage-types.ts';
import type {StageCode} from './stage-code.ts';

/** Stage types by file name: `<root>/stages/<type>.ts` (or .js, .mjs), then those that come with the tool. */
export const createStageTypes = (code: StageCode): StageTypes => ({
  names: () => code.tree.stageNames(),

  async fingerprint(type) {
    return (await code.closure(type))?.digest ?? null;
  },

  async load(type): Promise<StageType | null> {
    const closure = await code.closure(type);
    if (closure === null) return null;
    if (closure.problems.length > 0) throw new Error(closure.problems.join('\n'));
    const stage = await importStage(await code.install(closure), closure.entry);
    return {
      description: stage.description,
      inputs: stage.inputs,
      outputs: stage.outputs,
      engine: stage.engine ?? false,
      ...(stage.reproducible === undefined ? {} : {reproducible: stage.reproducible}),
      ...(stage.tolerance === undefined ? {} : {tolerance: stage.tolerance}),
      validate(params) {
        const checked = stage.params.safeParse(params);
        if (checked.success) return {ok: true, value: checked.data};
        return {
          ok: false,
          issues: checked.error.issues.map(issue => ({
            path: issue.path,
            message: issue.message,
            ...(issue.code === 'unrecognized_keys' ? {keys: issue.keys, ...knownKeys(stage.params, issue.path)} : {}),
          })),
        };
      },
      async paramsSchema() {
        const {toJSONSchema} = await import('zod');
        // What JSON Schema cannot say (a refinement, a transform) is left open: the command itself checks it.
        return toJSONSchema(stage.params, {io: 'input', target: 'draft-7', unrepresentable: 'any'});
      },
      uses: params => stage.uses?.(params) ?? [],
    };
  },
});

/** The path holds a hash of the content, so that Node's module cache never returns an older version. */
const importStage = async (file: string, name: string): Promise<AnyStage> => {
  let module: {default?: unknown};
  try {
    module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {default?: unknown};
  } catch (error) {
    throw new Error(`${name} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const stage = module.default as Partial<AnyStage> | undefined;
  for (const key of ['params', 'inputs', 'outputs', 'run'] as const) {
    if (stage?.[key] === undefined) {
      throw new Error(
        `${name} is not a stage type: expected \`export default defineStage({description, params, inputs, outputs, run})\`, found no \`${key}\``,
      );
    }
  }
  for (const [input, arity] of Object.entries(stage!.inputs!))
    if (!Object.hasOwn(arities, arity))
      throw new Error(
        `${name} is not a stage type: its input \`${input}\` is declared as ${JSON.stringify(arity)}, expected one of ${Object.keys(arities).join(', ')}`,
      );
  return stage as AnyStage;
};

/** The keys of the map at a path of the params, where the schema is plain enough to tell. */
const knownKeys = (schema: AnyStage['params'], path: readonly PropertyKey[]): {known?: readonly string[]} => {
  let shape: unknown = (schema as {shape?: unknown}).shape;
  for (const key of path) {
    const inner = (shape as Partial<Record<PropertyKey, {shape?: unknown}>> | undefined)?.[key];
    shape = inner?.shape;
  }
  return typeof shape === 'object' && shape !== null ? {known: Object.keys(shape)} : {};
};
