import type {Reporter, RunEvent} from '../contract/event.ts';
import {formatRoughly} from './duration.ts';
import {lastingLines} from './lasting-lines.ts';
import {createLiveLines, type TerminalStream} from './live-lines.ts';
import {createRunView} from './run-view.ts';
import {nextStep, summaryLine, type Colors} from './settled-text.ts';
import {stageLine} from './stage-line.ts';

/** At most ten times a second: more is flicker, and costs the training time. */
const redrawEveryMs = 100;

/** A live line for each running stage and one for the whole run; settled stages leave a line above them. */
export const createTerminalReporter = ({
  stream,
  result,
  colors,
  resultColors = colors,
}: {
  stream: TerminalStream;
  /** Takes the summary. */
  result: (line: string) => void;
  colors: Colors;
  resultColors?: Colors;
}): Reporter => {
  const live = createLiveLines(stream);
  const view = createRunView();
  const startedAt = performance.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    live.close();
  };
  const restoreCursor = (): void => live.close();
  const startDrawing = (): void => {
    if (timer !== undefined) return;
    timer = setInterval(draw, redrawEveryMs);
    timer.unref();
    draw();
  };

  const draw = (): void => live.draw(liveLines());
  const liveLines = (): string[] => {
    const now = performance.now();
    const columns = Math.max(1, (stream.columns || 80) - 1);
    const room = Math.max(1, (stream.rows || 24) - 3);
    const stages = [...view.running].map(([id, state]) =>
      stageLine({id, state, nowMs: now, nameWidth: view.width, columns, colors}),
    );
    for (const [id, pid] of view.waiting) stages.push(`${colors.dim('…')} ${id}  waits for process ${pid}`);
    const shown =
      stages.length > room ? [...stages.slice(0, room - 1), `  and ${stages.length - room + 1} more`] : stages;
    return [...shown, totalLine(now)];
  };

  const totalLine = (now: number): string => {
    const {counts, verified, total} = view;
    const settled = Object.values(counts).reduce((sum, count) => sum + count, verified);
    const parts = (['fresh', 'restored', 'ran', 'failed', 'skipped'] as const)
      .filter(outcome => counts[outcome] > 0)
      .map(outcome => `${counts[outcome]} ${outcome}`);
    const detail = parts.length > 0 ? `  ${parts.join(' · ')}` : '';
    const left = view.secondsLeft(now);
    const rest = left === null ? '' : `, about ${formatRoughly(left)} left`;
    return colors.dim(`[${settled}/${total}]${detail}  ${formatRoughly((now - startedAt) / 1000)}${rest}`);
  };

  const report = (event: RunEvent): void => {
    view.apply(event, performance.now());
    const lines = lastingLines(event, view, colors);
    // What has just settled must not stand below its own line until the next drawing.
    if (lines.length > 0) live.print(lines, timer === undefined ? [] : liveLines());
    switch (event.kind) {
      case 'run-started':
        process.once('exit', restoreCursor);
        return;
      case 'stage-started':
      case 'stage-waiting':
        return startDrawing();
      case 'run-finished': {
        stop();
        const next = nextStep(event);
        result(summaryLine(event, resultColors));
        if (next !== null) stream.write(`${next}\n`);
        return;
      }
      case 'stage-progress':
      case 'stage-settled':
      case 'stage-verified':
      case 'warning':
        return;
    }
  };

  return {
    report,
    close() {
      stop();
      process.removeListener('exit', restoreCursor);
    },
  };
};
