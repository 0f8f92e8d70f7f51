import type {Reporter, RunEvent} from '../contract/event.ts';

/** One line for each selected stage, when it is settled: the fixed contract of `pipeline run --json`; or verified. */
export const createJsonReporter = (write: (text: string) => void): Reporter => ({
  report(event: RunEvent): void {
    switch (event.kind) {
      case 'stage-settled': {
        const {stage, axis, outcome, reasons, seconds} = event;
        write(`${JSON.stringify({stage, axis, outcome, reasons, seconds})}\n`);
        return;
      }
      case 'stage-verified': {
        const {stage, axis, seconds} = event;
        const {kind, ...details} = event.verdict;
        write(`${JSON.stringify({stage, axis, verdict: kind, ...details, seconds})}\n`);
        return;
      }
      case 'run-started':
      case 'stage-started':
      case 'stage-waiting':
      case 'stage-progress':
      case 'warning':
      case 'run-finished':
        return;
    }
  },
  close(): void {},
});
