import type {Reporter, RunEvent} from '../contract/event.ts';
import {createJsonReporter} from '../reporters/json.ts';
import {createPlainReporter} from '../reporters/plain.ts';
import {createTerminalReporter} from '../reporters/terminal.ts';
import {colorsFor, isLiveTerminal, printNote, printResult} from './output.ts';

/** JSON takes stdout for itself; what happens is told on stderr in any case. */
export const createReporter = (isJson: boolean): Reporter => {
  const colors = colorsFor(process.stderr);
  const common = {
    colors,
    result: isJson ? printNote : printResult,
    resultColors: isJson ? colors : colorsFor(process.stdout),
  };
  const watching = isLiveTerminal(process.stderr)
    ? createTerminalReporter({stream: process.stderr, ...common})
    : createPlainReporter({progress: printNote, ...common});
  return isJson
    ? both(
        createJsonReporter(text => void process.stdout.write(text)),
        watching,
      )
    : watching;
};

const both = (first: Reporter, second: Reporter): Reporter => ({
  report(event: RunEvent) {
    first.report(event);
    second.report(event);
  },
  close() {
    first.close();
    second.close();
  },
});
