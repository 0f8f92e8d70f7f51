import type {Executor} from '../contract/executor.ts';
import type {Project} from '../runner/project.ts';
import {run, type RunOptions, type RunResult} from '../runner/run.ts';
import type {SelectOptions} from '../runner/select.ts';
import {createReporter} from './create-reporter.ts';
import {startSession} from './session.ts';
import {watch} from './watch.ts';

interface Stages {
  readonly project: Project;
  readonly selection: SelectOptions;
  readonly executor: Executor;
  readonly isJson: boolean;
  readonly settings?: Pick<RunOptions, 'jobs' | 'keepGoing'>;
  /** Opens the project again after an edit; without it the stages run once. */
  readonly reopen?: () => Promise<Project>;
  /** What follows each run, before its exit code is given. */
  readonly afterwards: (project: Project, result: RunResult) => Promise<void>;
}

/** Runs stages once, or again after each edit until Ctrl-C; sets the exit code. */
export const runStages = async ({reopen, ...stages}: Stages): Promise<void> => {
  const {project, selection, executor} = stages;
  const session = startSession(executor);
  const once = (opened: Project, chosen: SelectOptions): Promise<number> =>
    session.run(createReporter(stages.isJson), async (reporter, signal) => {
      const report = reporter.report.bind(reporter);
      const result = await run(opened, {...chosen, ...stages.settings, signal, executor, report});
      await stages.afterwards(opened, result);
      return result.interrupted ? 130 : result.failed ? 1 : 0;
    });
  try {
    process.exitCode = reopen
      ? await watch({project, selection, reopen, once, signal: session.signal})
      : await once(project, selection);
  } finally {
    session.end();
  }
};
