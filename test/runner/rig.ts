import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {transformSync} from 'esbuild';
import {afterAll, onTestFinished} from 'vitest';
import type {RunEvent} from '../../src/contract/event.ts';
import localExecutor from '../../src/executors/local.ts';
import {defaultTool, type Tool} from '../../src/runner/code/tool.ts';
import {type Plan, planRun} from '../../src/runner/plan.ts';
import {openProject, type Project, type ProjectOptions} from '../../src/runner/project.ts';
import {run, type RunOptions, type RunResult} from '../../src/runner/run.ts';
import type {SelectOptions} from '../../src/runner/select.ts';

export type SettledEvent = Extract<RunEvent, {kind: 'stage-settled'}>;

export interface Ran extends RunResult {
  readonly events: readonly RunEvent[];
  readonly settled: readonly SettledEvent[];
  /** `{id: outcome}` */
  readonly outcomes: Readonly<Record<string, string>>;
  /** Ids of what ran, in the order in which they ended. */
  readonly ran: readonly string[];
}

/** A scratch project: write files, run, touch one thing, run, expect exactly these stages. */
export interface Rig {
  readonly root: string;
  /** Writes files; a value of null deletes. */
  write(files: Readonly<Record<string, string | null>>): void;
  /** Writes pipeline.yaml: `version: 1` and `stages:` are added. */
  stages(yaml: string): void;
  read(file: string): string;
  /** Lines that commands have appended to ./journal. */
  journal(): string[];
  file(name: string): string;
  open(options?: Partial<ProjectOptions>): Promise<Project>;
  run(options?: Partial<RunOptions> & {readonly project?: Partial<ProjectOptions>}): Promise<Ran>;
  plan(options?: SelectOptions, project?: Partial<ProjectOptions>): Promise<Plan['entries']>;
}

let tool: Tool | undefined;
afterAll(() => {
  if (tool !== undefined) rmSync(path.dirname(tool.worker), {recursive: true, force: true});
  tool = undefined;
});

/** The worker as it would be installed, compiled from the sources as they are now. */
export const compiledTool = (): Tool => {
  if (tool !== undefined) return tool;
  const {root} = defaultTool();
  const target = mkdtempSync(path.join(realpathSync(tmpdir()), 'distill-tool-'));
  for (const name of ['worker', 'contract/stage', 'contract/arity', 'contract/denied-access']) {
    const source = readFileSync(path.join(root, 'src', `${name}.ts`), 'utf8');
    const {code} = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      tsconfigRaw: {compilerOptions: {verbatimModuleSyntax: true}},
    });
    const file = path.join(target, `${name}.js`);
    mkdirSync(path.dirname(file), {recursive: true});
    writeFileSync(file, code.replaceAll(/\.ts(?=['"])/g, '.js'));
  }
  writeFileSync(path.join(target, 'package.json'), '{"type":"module"}');
  tool = {root, worker: path.join(target, 'worker.js'), stage: path.join(target, 'contract', 'stage.js')};
  return tool;
};

export const createRig = (): Rig => {
  const root = mkdtempSync(path.join(realpathSync(tmpdir()), 'distill-runner-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const file = (name: string): string => path.join(root, name);
  const rig: Rig = {
    root,
    file,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(file(name)), {recursive: true});
        if (text === null) rmSync(file(name), {recursive: true, force: true});
        else writeFileSync(file(name), text);
      }
    },
    stages: yaml => rig.write({'pipeline.yaml': `version: 1\nstages:\n${yaml.replace(/^/gm, '  ')}\n`}),
    read: name => readFileSync(file(name), 'utf8'),
    journal() {
      try {
        return rig.read('journal').split('\n').slice(0, -1);
      } catch {
        return [];
      }
    },
    async open(options = {}) {
      const opened = await openProject({cwd: root, tool: compiledTool(), ...options});
      if (!opened.ok) throw new Error(opened.errors.map(error => JSON.stringify(error)).join('\n'));
      return opened.project;
    },
    async run({project = {}, ...options} = {}) {
      const events: RunEvent[] = [];
      const opened = await rig.open(project);
      const result = await run(opened, {
        executor: localExecutor(),
        jobs: 2,
        ...options,
        report(event) {
          events.push(event);
          options.report?.(event);
        },
      });
      const settled = events.filter(event => event.kind === 'stage-settled');
      return {
        ...result,
        events,
        settled,
        outcomes: Object.fromEntries(settled.map(({id, outcome}) => [id, outcome])),
        ran: settled.filter(({outcome}) => outcome === 'ran').map(({id}) => id),
      };
    },
    plan: async (options, project) => (await planRun(await rig.open(project), options)).entries,
  };
  return rig;
};
