import type {RunEvent} from '../contract/event.ts';
import type {RunView} from './run-view.ts';
import {settledLines, skippedLine, type Colors} from './settled-text.ts';
import {verifiedLines} from './verified-text.ts';

/** What an event leaves behind for good, in a terminal as in a log; the summary is apart, since it is a result. */
export const lastingLines = (event: RunEvent, view: RunView, colors: Colors): string[] => {
  switch (event.kind) {
    case 'stage-settled':
      return settledLines(event, colors, view.width);
    case 'stage-verified':
      return verifiedLines(event, colors, view.width);
    case 'warning':
      return [`${colors.yellow('warning')}: ${event.message}`];
    case 'run-finished': {
      const line = skippedLine(view.skipped, colors);
      return line === null ? [] : [line];
    }
    case 'run-started':
    case 'stage-started':
    case 'stage-waiting':
    case 'stage-progress':
      return [];
  }
};
