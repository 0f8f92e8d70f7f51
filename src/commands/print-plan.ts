import type {Plan, PlanEntry} from '../runner/plan.ts';
import {formatDuration} from '../reporters/duration.ts';
import {reasonsText} from '../reporters/reason-text.ts';
import type {Colors} from '../reporters/settled-text.ts';
import {colorsFor, printResult} from './output.ts';

/** What a run would do: the same records as `run --json`, or lines for people. */
export const printPlan = ({entries}: Plan, isJson: boolean): void => {
  if (isJson) {
    for (const {stage, axis, outcome, reasons, expectedSeconds} of entries) {
      printResult(JSON.stringify({stage, axis, outcome, reasons, seconds: expectedSeconds ?? 0}));
    }
    return;
  }
  const colors = colorsFor(process.stdout);
  const shown = entries.filter(entry => entry.outcome !== 'fresh' || entry.absent?.length);
  const width = Math.max(0, ...shown.map(entry => entry.id.length));
  for (const entry of shown) printResult(entryLine(entry, width, colors));
  printResult(planSummary(entries, colors));
};

const entryLine = (entry: PlanEntry, width: number, colors: Colors): string => {
  const time = entry.expectedSeconds === undefined ? '' : `  took ${formatDuration(entry.expectedSeconds)}`;
  return `${entry.id.padEnd(width)}  ${outcomeText(entry, colors)}${detail(entry)}${colors.dim(time)}`.trimEnd();
};

const outcomeText = ({outcome, frozen}: PlanEntry, colors: Colors): string => {
  if (frozen && outcome !== 'fresh') return colors.yellow('frozen    ');
  switch (outcome) {
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

const detail = ({outcome, reasons, frozen, absent}: PlanEntry): string => {
  const notes: string[] = [];
  if (reasons.length > 0) notes.push(reasonsText(reasons));
  else if (outcome === 'may-run') notes.push('behind a stage that will run');
  if (frozen && outcome !== 'fresh') notes.push('kept as it is because of `frozen: true`');
  if (absent?.length) notes.push(`missing, and needed by nothing that runs: ${absent.join(', ')}`);
  return notes.length > 0 ? `  ${notes.join('; ')}` : '';
};

const planSummary = (entries: readonly PlanEntry[], colors: Colors): string => {
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
  const expected = entries.reduce(
    (sum, entry) => sum + (entry.outcome === 'stale' ? (entry.expectedSeconds ?? 0) : 0),
    0,
  );
  const time = expected > 0 ? ` (the last runs of these took ${formatDuration(expected)} in all)` : '';
  return (
    parts
      .filter(([number]) => number > 0)
      .map(([number, what]) => `${number} ${what}`)
      .join(', ') + time
  );
};
