import type {RunEvent, Verdict} from '../contract/event.ts';
import {formatDuration} from './duration.ts';
import {failureAdvice, failureText, logTail} from './failure-text.ts';
import {reasonsText} from './reason-text.ts';
import type {Colors} from './settled-text.ts';

type Verified = Extract<RunEvent, {kind: 'stage-verified'}>;

const mostDifferences = 12;

/** `✓ idf  same bytes  1.20 s`, and below it what differs. */
export const verifiedLines = ({id, verdict, seconds}: Verified, colors: Colors, width: number): string[] => {
  const name = id.padEnd(width);
  const time = seconds > 0 ? `  ${formatDuration(seconds)}` : '';
  const [good, bad, note] = [colors.green('✓'), colors.red('✗'), colors.yellow('–')];
  switch (verdict.kind) {
    case 'same':
      return [`${good} ${name}  same bytes${time}`];
    case 'within-tolerance':
      return [`${good} ${name}  within tolerance, by ${verdict.largest.toPrecision(2)} at most${time}`];
    case 'differs':
      return [`${bad} ${name}  ${colors.red('differs')}${time}`, ...differenceLines(verdict)];
    case 'not-compared':
      return [`${note} ${name}  not compared (${verdict.why === 'frozen' ? 'frozen' : 'reproducible: false'})`];
    case 'not-fresh':
      return [
        `${bad} ${name}  not fresh: ${reasonsText(verdict.reasons) || 'behind a stage that will run'}; pipeline run first`,
      ];
    case 'failed': {
      if (verdict.failure.kind === 'interrupted') return [`${note} ${name}  interrupted`];
      const advice = failureAdvice(verdict.failure, id);
      return [
        `${bad} ${name}  failed${time}  ${colors.red(failureText(verdict.failure))}`,
        ...logTail(verdict.failure).map(line => `    ${colors.dim(line)}`),
        ...(advice === null ? [] : [`    ${advice}`]),
      ];
    }
  }
};

const differenceLines = ({differences}: Extract<Verdict, {kind: 'differs'}>): string[] => {
  const shown = differences.slice(0, differences.length > mostDifferences ? mostDifferences - 1 : mostDifferences);
  const width = Math.min(60, Math.max(...shown.map(({path}) => path.length)));
  const lines = shown.map(({path, what}) => `    ${path.padEnd(width)}  ${what}`);
  return shown.length < differences.length
    ? [...lines, `    and ${differences.length - shown.length} more files`]
    : lines;
};
