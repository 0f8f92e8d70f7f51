import type {createColors} from 'picocolors';
import type {Outcome, RunEvent} from '../contract/event.ts';
import {formatDuration} from './duration.ts';
import {failureAdvice, failureText, logTail} from './failure-text.ts';
import {reasonsText} from './reason-text.ts';

export type Colors = ReturnType<typeof createColors>;
type Settled = Extract<RunEvent, {kind: 'stage-settled'}>;
type Finished = Extract<RunEvent, {kind: 'run-finished'}>;

/** Room for the ids of a run: aligned where they are short, and never so wide that a line has no place for more. */
export const nameWidth = ({idWidth = 0}: Extract<RunEvent, {kind: 'run-started'}>): number =>
  Math.min(48, Math.max(defaultWidth, idWidth));

export const defaultWidth = 24;

/**
 * The lines that a settled stage leaves behind; none for a fresh one, which the summary counts, nor for one that was
 * skipped: behind one failure may stand a hundred of them, and `skippedLine` tells all.
 */
export const settledLines = (event: Settled, colors: Colors, width = defaultWidth): string[] => {
  const name = event.id.padEnd(width);
  const time = formatDuration(event.seconds).padStart(8);
  const reasons = event.reasons.length > 0 ? `  ${colors.dim(`(${reasonsText(event.reasons)})`)}` : '';
  switch (event.outcome) {
    case 'fresh':
    case 'skipped':
      return [];
    case 'ran':
      return [`${colors.green('✓')} ${name}  ran       ${time}${reasons}`];
    case 'restored':
      return [`${colors.cyan('↺')} ${name}  restored  ${time}${reasons}`];
    case 'failed':
      return failedLines(event, name, time, colors);
  }
};

const failedLines = ({id, failure}: Settled, name: string, time: string, colors: Colors): string[] => {
  const text = `${name}  failed    ${time}`;
  if (failure === undefined) return [`${colors.red('✗')} ${text}`];
  if (failure.kind === 'interrupted') return [`${colors.yellow('–')} ${name}  interrupted`];
  const advice = failureAdvice(failure, id);
  return [
    `${colors.red('✗')} ${text}  ${colors.red(failureText(failure))}`,
    ...logTail(failure).map(line => `    ${colors.dim(line)}`),
    ...(advice === null ? [] : [`    ${advice}`]),
  ];
};

/** What did not start: `– skipped: plain × 15, evaluate, report`; null when nothing was. Keys are stage names. */
export const skippedLine = (skipped: ReadonlyMap<string, number>, colors: Colors): string | null => {
  if (skipped.size === 0) return null;
  const names = [...skipped].map(([stage, count]) => (count === 1 ? stage : `${stage} × ${count}`));
  const more = names.length > 12 ? `, and ${names.length - 12} more stages` : '';
  return `${colors.yellow('–')} skipped: ${names.slice(0, 12).join(', ')}${more}`;
};

/** The run in one line: `nothing to do: 42 stages fresh (0.11 s)`. */
export const summaryLine = ({counts, seconds, interrupted}: Finished, colors: Colors): string => {
  const time = `(${formatDuration(seconds)})`;
  const settled = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (!interrupted && settled === counts.fresh) {
    return `${colors.green('nothing to do')}: ${settled} ${settled === 1 ? 'stage' : 'stages'} fresh ${time}`;
  }
  const shown = (['failed', 'skipped', 'ran', 'restored', 'fresh'] satisfies Outcome[])
    .filter(outcome => counts[outcome] > 0)
    // Of an interrupted run, what was stopped in the middle has not failed.
    .map(outcome => `${counts[outcome]} ${interrupted && outcome === 'failed' ? 'unfinished' : outcome}`);
  const word = interrupted
    ? colors.yellow('interrupted')
    : counts.failed > 0
      ? colors.red('failed')
      : colors.green('done');
  return `${word}: ${shown.length > 0 ? shown.join(', ') : 'nothing was settled'} ${time}`;
};

/** What to do after a run that did not go through, or null. */
export const nextStep = ({counts, interrupted}: Finished): string | null => {
  if (interrupted) return 'What has finished is kept; `pipeline run` goes on from there.';
  if (counts.failed > 0) return 'What has finished is kept. Correct the cause, then `pipeline run` goes on from there.';
  return null;
};
