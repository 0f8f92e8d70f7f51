import type {Reporter, RunEvent} from '../contract/event.ts';
import {lastingLines} from './lasting-lines.ts';
import {describeProgress} from './progress-text.ts';
import {reasonsText} from './reason-text.ts';
import {createRunView} from './run-view.ts';
import {nextStep, summaryLine, type Colors} from './settled-text.ts';

/** A log of a CI job is read later, by a person who scrolls: a line now and then says that a long stage lives. */
const progressEveryMs = 30_000;

/** Plain lines: for files, pipes, CI. */
export const createPlainReporter = ({
  progress,
  result,
  colors,
  resultColors = colors,
  now = () => performance.now(),
}: {
  /** Takes whole lines: what happens. */
  progress: (line: string) => void;
  /** Takes the summary. */
  result: (line: string) => void;
  colors: Colors;
  resultColors?: Colors;
  now?: () => number;
}): Reporter => {
  const view = createRunView();
  const saidAt = new Map<string, number>();
  const report = (event: RunEvent): void => {
    view.apply(event, now());
    for (const line of lastingLines(event, view, colors)) progress(line);
    switch (event.kind) {
      case 'stage-started': {
        saidAt.set(event.id, now());
        const reasons = event.reasons.length > 0 ? `  (${reasonsText(event.reasons)})` : '';
        return progress(`${colors.dim('▸')} ${event.id.padEnd(view.width)}  started${reasons}`);
      }
      case 'stage-waiting':
        return progress(`${colors.dim('…')} ${event.id}  waits for process ${event.holderPid}, which is running it`);
      case 'stage-progress': {
        const state = view.running.get(event.id);
        if (state === undefined || now() - (saidAt.get(event.id) ?? 0) < progressEveryMs) return;
        saidAt.set(event.id, now());
        return progress(`${colors.dim('▸')} ${event.id.padEnd(view.width)}  ${describeProgress(state, now())}`);
      }
      case 'run-finished': {
        const next = nextStep(event);
        result(summaryLine(event, resultColors));
        if (next !== null) progress(next);
        return;
      }
      case 'run-started':
      case 'stage-settled':
      case 'stage-verified':
      case 'warning':
        return;
    }
  };
  return {report, close() {}};
};
