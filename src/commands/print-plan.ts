import {plural} from '../report/format.ts';
import type {StageOff} from '../runner/graph.ts';
import type {Plan, PlanEntry} from '../runner/plan.ts';
import type {Estimate} from '../runner/schedule/estimate.ts';
import {offText} from '../runner/select.ts';
import {formatDuration, formatRoughly} from '../reporters/duration.ts';
import {reasonsText} from '../reporters/reason-text.ts';
import type {Colors} from '../reporters/settled-text.ts';
import {usageText} from '../reporters/usage-text.ts';
import {colorsFor, printResult} from './output.ts';

interface Printing {
  readonly isJson: boolean;
  /** Of all but the fresh. */
  readonly estimate: Estimate;
  /** Stages that an empty axis leaves without instances. */
  readonly off?: readonly StageOff[] | undefined;
  /** Where outputs may be fetched from: `remote:` of the pipeline file. */
  readonly remote?: string | undefined;
}

/** What a run would do: the same records as `run --json`, or lines for people. */
export const printPlan = ({entries}: Plan, {isJson, estimate, off = [], remote}: Printing): void => {
  if (isJson) {
    for (const {stage, axis, outcome, reasons, last, missing} of entries) {
      const record = {stage, axis, outcome, reasons, seconds: last?.seconds ?? 0};
      printResult(JSON.stringify(missing === undefined ? record : {...record, missing: missing.map(({path}) => path)}));
    }
    return;
  }
  const colors = colorsFor(process.stdout);
  const shown = entries.filter(entry => entry.outcome !== 'fresh' || isHeld(entry) || entry.absent?.length);
  const width = Math.max(0, ...shown.map(entry => entry.id.length));
  for (const entry of shown) printResult(entryLine(entry, width, colors));
  for (const stage of off) printResult(colors.dim(offText(stage)));
  for (const line of missingLines(entries, colors)) printResult(line);
  printResult(planSummary(entries, estimate, colors));
  const away = entries.filter(isAway).length;
  if (remote !== undefined && away > 0)
    printResult(
      `${plural(away, 'stage')} would run for outputs that are recorded and not here: \`pipeline pull\` fetches what ${remote} has`,
    );
};

const entryLine = (entry: PlanEntry, width: number, colors: Colors): string => {
  const time = entry.last === undefined ? '' : `  took ${usageText(entry.last)}`;
  return `${entry.id.padEnd(width)}  ${outcomeText(entry, colors)}${detail(entry)}${colors.dim(time)}`.trimEnd();
};

/** Out of date, and left so on purpose. */
const isHeld = ({outcome, frozen, reasons}: PlanEntry): boolean =>
  frozen === true && outcome === 'fresh' && reasons.length > 0;

/** Nothing has changed but that outputs are gone, or were never here. */
const isAway = ({outcome, reasons}: PlanEntry): boolean =>
  outcome === 'stale' && reasons.length > 0 && reasons.every(({kind}) => kind === 'output-missing');

const outcomeText = (entry: PlanEntry, colors: Colors): string => {
  if (isHeld(entry)) return colors.yellow('frozen    ');
  switch (entry.outcome) {
    case 'fresh':
      return colors.green('fresh     ');
    case 'restorable':
      return colors.cyan('restorable');
    case 'stale':
      return colors.yellow('will run  ');
    case 'may-run':
      return colors.dim('may run   ');
  }
};

const detail = (entry: PlanEntry): string => {
  const {outcome, reasons, absent} = entry;
  const notes: string[] = [];
  if (reasons.length > 0) notes.push(reasonsText(reasons));
  else if (outcome === 'may-run') notes.push('behind a stage that will run');
  if (isHeld(entry)) notes.push('kept as it is because of `frozen: true`');
  if (absent?.length) notes.push(`missing, and needed by nothing that runs: ${absent.join(', ')}`);
  return notes.length > 0 ? `  ${notes.join('; ')}` : '';
};

/** One line a missing path, however many instances would read it. */
const missingLines = (entries: readonly PlanEntry[], colors: Colors): string[] => {
  const readers = new Map<string, {stages: Set<string>; var?: string}>();
  for (const {stage, missing = []} of entries) {
    for (const input of missing) {
      const known = readers.get(input.path) ?? {
        stages: new Set(),
        ...(input.var === undefined ? {} : {var: input.var}),
      };
      known.stages.add(stage);
      readers.set(input.path, known);
    }
  }
  return [...readers].map(([path, {stages, var: name}]) => {
    const hint = name === undefined ? '' : `; the path comes from the var ${name}: --set ${name}=PATH gives another`;
    return `${colors.red('missing input')} ${path}, read by ${[...stages].join(', ')}${hint}`;
  });
};

const planSummary = (entries: readonly PlanEntry[], estimate: Estimate, colors: Colors): string => {
  const count = (outcome: PlanEntry['outcome']): number => entries.filter(entry => entry.outcome === outcome).length;
  if (count('fresh') === entries.length) {
    return `${colors.green('all fresh')}: ${entries.length} ${entries.length === 1 ? 'stage' : 'stages'}`;
  }
  const parts = [
    [count('stale'), 'will run'],
    [count('may-run'), 'may run'],
    [count('restorable'), 'restorable'],
    [count('fresh'), 'fresh'],
  ] as const;
  const counted = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return counted.join(', ') + timeText(estimate, count('stale') + count('may-run'), count('may-run') > 0);
};

const timeText = ({totalSeconds, wallSeconds, secondsOf}: Estimate, total: number, mayRun: boolean): string => {
  if (secondsOf.size === 0) return '';
  const unknown = total - secondsOf.size;
  const without = unknown > 0 ? `, without the ${unknown} that never ran here` : '';
  const wall = wallSeconds < 1 ? 'a second' : `about ${formatRoughly(wallSeconds)}`;
  const most = mayRun ? 'at most ' : '';
  return `; last time these took ${formatDuration(totalSeconds)} in all, now ${most}${wall}${without}`;
};
