import type {Outcome, Reporter, RunEvent} from '../contract/event.ts';
import {formatRoughly} from './duration.ts';
import {createLiveLines, type TerminalStream} from './live-lines.ts';
import {describeProgress, progressShare, startProgress, type ProgressState} from './progress-text.ts';
import {
  defaultWidth,
  nameWidth,
  nextStep,
  settledLines,
  skippedLine,
  summaryLine,
  type Colors,
} from './settled-text.ts';

/** At most ten times a second: more is flicker, and costs the training time. */
const redrawEveryMs = 100;
const barCells = 16;

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
  const startedAt = performance.now();
  const running = new Map<string, ProgressState>();
  const waiting = new Map<string, number>();
  const skipped = new Map<string, number>();
  const counts: Record<Outcome, number> = {ran: 0, restored: 0, fresh: 0, failed: 0, skipped: 0};
  let total = 0;
  let width = defaultWidth;
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

  const draw = (): void => {
    const now = performance.now();
    const room = Math.max(1, (stream.rows || 24) - 3);
    const stages = [...running].map(([id, state]) => stageLine(id, state, now));
    for (const [id, pid] of waiting) stages.push(`${colors.dim('…')} ${id}  waits for process ${pid}`);
    const shown =
      stages.length > room ? [...stages.slice(0, room - 1), `  and ${stages.length - room + 1} more`] : stages;
    live.draw([...shown, totalLine(now)]);
  };

  const stageLine = (id: string, state: ProgressState, now: number): string => {
    const share = progressShare(state, now);
    const filled = Math.round((share ?? 0) * barCells);
    const bar =
      share === null ? '' : `${colors.cyan('━'.repeat(filled))}${colors.dim('─'.repeat(barCells - filled))}  `;
    return `${colors.cyan('▸')} ${id.padEnd(width)}  ${bar}${describeProgress(state, now)}`;
  };

  const totalLine = (now: number): string => {
    const settled = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const parts = (['fresh', 'restored', 'ran', 'failed', 'skipped'] as const)
      .filter(outcome => counts[outcome] > 0)
      .map(outcome => `${counts[outcome]} ${outcome}`);
    const detail = parts.length > 0 ? `  ${parts.join(' · ')}` : '';
    return colors.dim(`[${settled}/${total}]${detail}  ${formatRoughly((now - startedAt) / 1000)}`);
  };

  const report = (event: RunEvent): void => {
    switch (event.kind) {
      case 'run-started':
        total = event.total;
        width = nameWidth(event);
        process.once('exit', restoreCursor);
        return;
      case 'stage-started':
        waiting.delete(event.id);
        running.set(event.id, startProgress(performance.now(), event.expectedSeconds));
        return startDrawing();
      case 'stage-waiting':
        waiting.set(event.id, event.holderPid);
        return startDrawing();
      case 'stage-progress':
        return running.get(event.id)?.update(event.progress, performance.now());
      case 'stage-settled': {
        running.delete(event.id);
        waiting.delete(event.id);
        counts[event.outcome] += 1;
        if (event.outcome === 'skipped') skipped.set(event.stage, (skipped.get(event.stage) ?? 0) + 1);
        const lines = settledLines(event, colors, width);
        if (lines.length > 0) live.print(lines);
        return;
      }
      case 'warning':
        return live.print([`${colors.yellow('warning')}: ${event.message}`]);
      case 'run-finished': {
        const notStarted = skippedLine(skipped, colors);
        if (notStarted !== null) live.print([notStarted]);
        stop();
        const next = nextStep(event);
        result(summaryLine(event, resultColors));
        if (next !== null) stream.write(`${next}\n`);
        return;
      }
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
