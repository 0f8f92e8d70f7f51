import path from 'node:path';
import type {StageJob} from './job.ts';

/** What Node throws when its permission model refuses something. */
interface Denied {
  readonly code: 'ERR_ACCESS_DENIED';
  readonly permission?: string;
  readonly resource?: string;
  readonly message: string;
  readonly stack?: string;
}

/** What a stage tried that it does not declare, and how to declare it; null for any other error. */
export const deniedAccess = (error: unknown, job: StageJob): string | null => {
  const denied = findDenied(error);
  if (denied === null) return null;
  const {permission, resource = ''} = denied;
  const file = shown(resource);
  switch (permission ?? '') {
    case 'FileSystemRead':
      return isImport(denied) ? importText(job, file) : readText(job, file);
    case 'FileSystemWrite':
      return writeText(job, file);
    case 'ChildProcess':
      return programText(job, resource);
    default:
      return [`${job.stage} did something that a stage may not do (${permission ?? 'unknown'}).`, switchOff(job)].join(
        '\n',
      );
  }
};

/** It may have been wrapped by those who told where they were. */
const findDenied = (error: unknown): Denied | null => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && at.code === 'ERR_ACCESS_DENIED') return at as unknown as Denied;
  }
  return null;
};

const readText = (job: StageJob, file: string): string =>
  [
    `${job.stage} read a file that it does not declare: ${file}`,
    'What is not declared is not in the key: the stage would not run again when it changes. Declare it, as a new input',
    `or as one more file of an input (${known(job)}):`,
    `  in stages/${job.type}.ts        inputs: {…, extra: 'one'}        and read ctx.in.extra.path`,
    `  in the pipeline, at ${stageName(job)}:    in: {…, extra: ${yamlText(file)}}`,
    switchOff(job),
  ].join('\n');

const writeText = (job: StageJob, file: string): string =>
  [
    `${job.stage} wrote to a file that is not its output: ${file}`,
    `A stage writes to ctx.out (${Object.keys(job.outputs).join(', ')}), to ctx.scratch (checkpoints) and to the system's temporary folder, which is its own.`,
    'Declare another output:',
    `  in stages/${job.type}.ts    outputs: {…, extra: ${yamlText(path.basename(file))}}    and write to ctx.out.extra`,
    switchOff(job),
  ].join('\n');

const importText = (job: StageJob, file: string): string =>
  [
    `${job.stage} loaded code that is not in its key: ${file}`,
    'A module is in the key when it is imported by its literal path or name, or named by the stage type:',
    `  in stages/${job.type}.ts    uses: params => [${yamlText(file)}]`,
    switchOff(job),
  ].join('\n');

const programText = (job: StageJob, program: string): string =>
  [
    `${job.stage} started another program${program === '' ? '' : ` (${program})`}: what that reads and writes cannot be seen.`,
    'Make it a shell stage of its own, with `run:`, `in:` and `out:`.',
    switchOff(job),
  ].join('\n');

const switchOff = (job: StageJob): string =>
  `Where that cannot be, \`hermetic: false\` at the stage ${stageName(job)} in the pipeline file switches this guard off.`;

/** Asked of the module loader, not by the stage's own code. */
const isImport = ({stack = ''}: Denied): boolean => {
  const [first = ''] = stack.split('\n').filter(line => /^\s+at /.test(line) && !/node:(fs|internal\/fs)/.test(line));
  return /node:internal\/(modules|process\/esm)/.test(first);
};

const stageName = ({stage}: StageJob): string => `\`${stage.replace(/@.*/, '')}\``;

const known = ({inputs}: StageJob): string => Object.keys(inputs).join(', ') || 'it has none so far';

/** From the project's folder, in which jobs run. */
const shown = (file: string): string => {
  const relative = path.relative(process.cwd(), file);
  return relative === '' || relative.startsWith('..') ? file : relative.replaceAll(path.sep, '/');
};

/** Quoted only where YAML and JavaScript need it. */
const yamlText = (text: string): string => JSON.stringify(text);
