import {Command} from '@commander-js/extra-typings';
import {type HistoryLine, type HistoryStage, readHistory} from '../runner/history.ts';
import {selectInstances} from '../runner/select.ts';
import {formatDuration} from '../reporters/duration.ts';
import type {Colors} from '../reporters/settled-text.ts';
import {usageText} from '../reporters/usage-text.ts';
import {openHere} from './open.ts';
import {fileOption, jsonOption, positiveInteger, profileOption} from './options.ts';
import {colorsFor, printNote, printResult} from './output.ts';

export const runsCommand = () =>
  new Command('runs')
    .description('list the runs in this folder, newest first: when, of which commit, what ran, how long, how it ended')
    .argument('[stage]', 'only the jobs of this stage, or of stage@axis=value,…, with CPU time and memory')
    .option('-l, --last <n>', 'how many', positiveInteger, 20)
    .addOption(profileOption())
    .addOption(fileOption())
    .addOption(jsonOption('one JSON line for each run, with all its stages; or for each job of the stage'))
    .addHelpText('after', examples)
    .action(async (selection, options) => {
      const project = await openHere({...options, set: []});
      const colors = colorsFor(process.stdout);
      const isJson = options.json === true;
      const {name, profile} = project.graph.pipeline;
      const runs = readHistory(project).reverse();
      if (selection === undefined) {
        const shown = runs.slice(0, options.last);
        if (isJson) return shown.forEach(run => printResult(JSON.stringify(run)));
        if (shown.length === 0) return printNote('nothing has run in this folder yet');
        return shown.forEach(run => printResult(runLine(run, colors)));
      }
      const ids = selectInstances(project.graph, [selection]);
      const jobs = runs
        .filter(run => run.pipeline === name && run.profile === profile)
        .flatMap(run => run.stages.filter(({id}) => ids.has(id)).map(stage => ({run, stage})))
        .slice(0, options.last);
      if (isJson)
        return jobs.forEach(({run: {at, commit}, stage}) => printResult(JSON.stringify({at, commit, ...stage})));
      if (jobs.length === 0) return printNote(`${selection} has not run in this folder yet`);
      const width = Math.max(...jobs.map(({stage}) => stage.id.length));
      for (const {run, stage} of jobs) printResult(jobLine(run, stage, width, colors));
    });

const runLine = (
  {at, commit, outcome, seconds, counts, stages, pipeline, profile}: HistoryLine,
  colors: Colors,
): string => {
  const interrupted = stages.filter(({failure}) => failure === 'interrupted').length;
  const {failed, ...others} = counts;
  const numbers = {failed: failed - interrupted, unfinished: interrupted, ...others};
  const parts = (['failed', 'unfinished', 'skipped', 'ran', 'restored', 'fresh'] as const)
    .filter(each => numbers[each] > 0)
    .map(each => `${numbers[each]} ${each}`);
  const names = [...new Set(stages.filter(each => each.outcome !== 'skipped').map(({id}) => id.replace(/@[^]*$/, '')))];
  const more = names.length > 4 ? ', …' : '';
  const of = profile === '' ? (pipeline === 'pipeline' ? '' : ` ${pipeline}`) : ` ${pipeline} (${profile})`;
  return (
    `${localTime(at)}  ${outcomeText(outcome, colors)}  ${formatDuration(seconds).padStart(12)}  ${commitText(commit)}` +
    `${of}  ${parts.join(', ')}${colors.dim(names.length > 0 ? `: ${names.slice(0, 4).join(', ')}${more}` : '')}`
  );
};

const jobLine = ({at, commit}: HistoryLine, stage: HistoryStage, width: number, colors: Colors): string => {
  const failure = stage.failure === undefined ? '' : colors.dim(`  (${stage.failure})`);
  const took = stage.outcome === 'skipped' ? '' : usageText(stage);
  return `${localTime(at)}  ${stage.id.padEnd(width)}  ${outcomeText(stage.outcome, colors)}  ${commitText(commit)}  ${took}${failure}`;
};

const outcomeText = (outcome: HistoryLine['outcome'] | HistoryStage['outcome'], colors: Colors): string => {
  const text = outcome.padEnd(11);
  if (outcome === 'failed') return colors.red(text);
  if (outcome === 'interrupted' || outcome === 'skipped') return colors.yellow(text);
  return colors.green(text);
};

/** With `+` where files had been edited since. */
const commitText = (commit: string | null): string =>
  (commit === null
    ? 'no commit'
    : commit.replace(/^([^-]{9})[^-]*(-dirty)?$/, (_, hash, dirty) => hash + (dirty ? '+' : ''))
  ).padEnd(10);

/** `2026-11-22 21:07` where the reader is. */
const localTime = (at: string): string => {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
};

const examples = `
Runs in which everything was fresh are not listed. The commit is what was checked out when the run
began, with a + where tracked files had been edited. The list is in .pipeline/runs.jsonl and keeps
the last few thousand runs.

Examples:
  pipeline runs                   the last 20 runs
  pipeline runs train@seed=1      each time this training ran: time, CPU time, memory
  pipeline runs --json -l 1       all that is known of the last run`;
