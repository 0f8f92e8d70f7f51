import type {Reporter, RunEvent} from '../contract/event.ts';
import {describeProgress, startProgress, type ProgressState} from './progress-text.ts';
import {reasonsText} from './reason-text.ts';
import {
  defaultWidth,
  nameWidth,
  nextStep,
  settledLines,
  skippedLine,
  summaryLine,
  type Colors,
} from './settled-text.ts';

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
  const running = new Map<string, {state: ProgressState; saidAt: number}>();
  const skipped = new Map<string, number>();
  let width = defaultWidth;
  const report = (event: RunEvent): void => {
    switch (event.kind) {
      case 'run-started':
        width = nameWidth(event);
        return;
      case 'stage-started': {
        running.set(event.id, {state: startProgress(now(), event.expectedSeconds), saidAt: now()});
        const reasons = event.reasons.length > 0 ? `  (${reasonsText(event.reasons)})` : '';
        return progress(`${colors.dim('▸')} ${event.id.padEnd(width)}  started${reasons}`);
      }
      case 'stage-waiting':
        return progress(`${colors.dim('…')} ${event.id}  waits for process ${event.holderPid}, which is running it`);
      case 'stage-progress': {
        const stage = running.get(event.id);
        if (!stage) return;
        stage.state.update(event.progress, now());
        if (now() - stage.saidAt < progressEveryMs) return;
        stage.saidAt = now();
        return progress(`${colors.dim('▸')} ${event.id.padEnd(width)}  ${describeProgress(stage.state, now())}`);
      }
      case 'stage-settled':
        running.delete(event.id);
        if (event.outcome === 'skipped') skipped.set(event.stage, (skipped.get(event.stage) ?? 0) + 1);
        for (const line of settledLines(event, colors, width)) progress(line);
        return;
      case 'warning':
        return progress(`${colors.yellow('warning')}: ${event.message}`);
      case 'run-finished': {
        const notStarted = skippedLine(skipped, colors);
        if (notStarted !== null) progress(notStarted);
        const next = nextStep(event);
        result(summaryLine(event, resultColors));
        if (next !== null) progress(next);
        return;
      }
    }
  };
  return {report, close() {}};
};
