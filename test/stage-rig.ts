import {access, mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll} from 'vitest';
import type {z} from 'zod';
import {arities, type Arity} from '../src/contract/arity.ts';
import type {
  Axis,
  InputFile,
  InputOf,
  OutputSpec,
  PipelineFacts,
  Progress,
  StageContext,
  StageDefinition,
} from '../src/contract/stage.ts';

/** A path, or a path with the stage and axis values of the instance that wrote it. */
export type RigInput = string | {readonly path: string; readonly stage?: string; readonly axis?: Axis};

export interface RigOptions<S extends z.ZodType, I> {
  /** As a person would write them in pipeline.yaml: they pass through the stage's schema. Default `{}`. */
  readonly params?: z.input<S>;
  /** Inputs left out are empty lists (an error for an input that takes exactly one file). */
  readonly in?: {readonly [K in keyof I]?: RigInput | readonly RigInput[]};
  readonly axis?: Axis;
  readonly stage?: string;
  readonly threads?: number;
  readonly pipeline?: PipelineFacts;
  readonly signal?: AbortSignal;
  /** Output folder of an earlier run, whose checkpoints (`<folder>/scratch`) this one continues. Default: a new one. */
  readonly folder?: string;
}

export interface RigResult<O> {
  /** Output name → absolute path. */
  readonly out: {readonly [K in keyof O]: string};
  readonly logs: readonly string[];
  readonly progress: readonly Progress[];
  readonly folder: string;
}

const folders: string[] = [];
afterAll(async () => {
  await Promise.all(folders.splice(0).map(folder => rm(folder, {recursive: true, force: true})));
});

/** A new folder that is removed after the tests of this file. */
export const scratchFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'stage-rig-'));
  folders.push(folder);
  return folder;
};

const inputFile = (input: RigInput): InputFile =>
  typeof input === 'string' ? {path: input, axis: {}} : {...input, axis: input.axis ?? {}};

const emptyPipeline: PipelineFacts = {name: 'pipeline', profile: '', stages: []};

/**
 * Runs a stage's `run` in this process as the worker would: parameters checked by the schema, outputs below a new
 * folder, and every declared output must exist afterwards. What the stage throws is thrown.
 */
export const runStage = async <
  S extends z.ZodType,
  const I extends Readonly<Record<string, Arity>>,
  const O extends Readonly<Record<string, OutputSpec>>,
>(
  definition: StageDefinition<S, I, O>,
  options: RigOptions<S, I> = {},
): Promise<RigResult<O>> => {
  const folder = options.folder ?? (await scratchFolder());
  const scratch = join(folder, 'scratch');
  await mkdir(scratch, {recursive: true});
  const given = (options.in ?? {}) as Record<string, RigInput | readonly RigInput[] | undefined>;
  const inputs: Record<string, InputOf<Arity>> = {};
  for (const [name, arity] of Object.entries(definition.inputs)) {
    const files = [given[name] ?? []].flat().map(input => inputFile(input));
    const {least, most, expected} = arities[arity];
    if (files.length < least || files.length > most)
      throw new Error(`The test gives ${files.length} files for the input "${name}", which takes ${expected}.`);
    inputs[name] = most === 1 ? (files[0] ?? null) : files;
  }
  const unknown = Object.keys(given).filter(name => !(name in definition.inputs));
  if (unknown.length > 0)
    throw new Error(`The test gives inputs that the stage does not declare: ${unknown.join(', ')}.`);
  const out = Object.fromEntries(
    Object.entries(definition.outputs).map(([name, spec]) => [
      name,
      join(folder, typeof spec === 'string' ? spec : spec.file),
    ]),
  ) as RigResult<O>['out'];
  const logs: string[] = [];
  const progress: Progress[] = [];
  await definition.run({
    params: definition.params.parse(options.params ?? {}),
    in: inputs,
    out,
    axis: options.axis ?? {},
    stage: options.stage ?? 'test',
    threads: options.threads ?? 1,
    scratch,
    pipeline: options.pipeline ?? emptyPipeline,
    signal: options.signal ?? new AbortController().signal,
    log: (message: string) => logs.push(message),
    progress: (update: Progress) => progress.push(update),
  } as unknown as StageContext<z.output<S>, I, keyof O & string>);
  for (const path of Object.values<string>(out)) await access(path);
  return {out, logs, progress, folder};
};
