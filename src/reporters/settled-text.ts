import type {createColors} from 'picocolors';
import type {Outcome, RunEvent} from '../contract/event.ts';
import {formatDuration} from './duration.ts';
import {failureAdvice, failureText, logTail} from './failure-text.ts';
import {reasonsText} from './reason-text.ts';

export type Colors = ReturnType<typeof createColors>;
type Settled = Extract<RunEvent, {kind: 'stage-settled'}>;
type Finished = Extract<RunEvent, {kind: 'run-finished'}>;

/** The lines that a settled stage leaves behind; none for a fresh one, which the summary counts. */
export const settledLines = (event: Settled, colors: Colors): string[] => {
  const name = event.id.padEnd(24);
  const time = formatDuration(event.seconds).padStart(8);
  const reasons = event.reasons.length > 0 ? `  ${colors.dim(`(${reasonsText(event.reasons)})`)}` : '';
  switch (event.outcome) {
    case 'fresh':
      return [];
    case 'ran':
      return [`${colors.green('✓')} ${name}  ran       ${time}${reasons}`];
    case 'restored':
      return [`${colors.cyan('↺')} ${name}  restored  ${time}${reasons}`];
    case 'skipped':
      return [`${colors.yellow('–')} ${name}  skipped`];
    case 'failed':
      return failedLines(event, `${name}  failed    ${time}`, colors);
  }
};

const failedLines = ({id, failure}: Settled, text: string, colors: Colors): string[] => {
  if (failure === undefined) return [`${colors.red('✗')} ${text}`];
  if (failure.kind === 'interrupted') return [`${colors.yellow('–')} ${id.padEnd(24)}  interrupted`];
  const advice = failureAdvice(failure, id);
  return [
    `${colors.red('✗')} ${text}  ${colors.red(failureText(failure))}`,
    ...logTail(failure).map(line => `    ${colors.dim(line)}`),
    ...(advice === null ? [] : [`    ${advice}`]),
  ];
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
