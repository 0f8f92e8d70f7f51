import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {Command} from '@commander-js/extra-typings';
import type {Project} from '../runner/project.ts';
import type {SelectOptions} from '../runner/select.ts';
import {findExecutor} from './find-executor.ts';
import {openHere} from './open.ts';
import {fileOption, profileOption, setOption} from './options.ts';
import {printNote} from './output.ts';
import {requireWritten} from './require-written.ts';
import {runStages} from './run-stages.ts';
import {UserError} from './user-error.ts';

export const reportCommand = () =>
  new Command('report')
    .description('make the report from what its stages have written, without running those')
    .option('-w, --watch', 'make it again whenever what it is made from changes: for writing')
    .option('--html [file]', 'also one self-contained page (default: report.html in the current folder)')
    .option('--force', 'make it even if it is fresh')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addHelpText('after', examples)
    .action(async options => {
      const project = await openHere(options);
      const select = reportStages(project);
      requireWritten(project.graph, select);
      const selection: SelectOptions = {select, single: true, force: options.force === true};
      const html = options.html === true ? 'report.html' : options.html;
      await runStages({
        project,
        selection,
        executor: await findExecutor('local'),
        isJson: false,
        ...(options.watch ? {reopen: () => openHere(options)} : {}),
        afterwards: async (opened, {failed, interrupted}) => {
          if (html !== undefined && !failed && !interrupted) await writePage(opened, html);
        },
      });
    });

const examples = `
Examples:
  pipeline report --watch             again after each edit of a table, a text or pipeline.yaml
  pipeline report --html report.html  one page that can be sent: pictures and all inside`;

const reportStages = ({graph}: Project): string[] => {
  const names = graph.stages.filter(({type}) => type === 'report').map(({name}) => name);
  if (names.length > 0) return names;
  throw new UserError(
    `${graph.pipeline.file} has no stage of the type "report": add one (README.md shows it), or run the stage that writes your report by name.`,
  );
};

const writePage = async ({graph}: Project, file: string): Promise<void> => {
  const {htmlPage} = await import('../report/html/page.ts');
  const {root, reportsDir} = graph.pipeline;
  writeFileSync(file, htmlPage(path.join(root, reportsDir)));
  printNote(`wrote ${file}`);
};
