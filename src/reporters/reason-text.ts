import type {Reason} from '../contract/reason.ts';

/** One reason in a few words: `params.epochs 3 → 5`, `input corpus changed`. */
export const reasonText = (reason: Reason): string => {
  switch (reason.kind) {
    case 'first-run':
      return 'first run';
    case 'command-changed':
      return reason.key === 'type' ? `type ${reason.was} → ${reason.now}` : 'command changed';
    case 'param-changed':
      return `params.${reason.key} ${valueText(reason.was)} → ${valueText(reason.now)}`;
    case 'env-changed':
      return `env ${reason.key} ${reason.was ?? 'unset'} → ${reason.now ?? 'unset'}`;
    case 'input-changed':
      return `input ${reason.key} ${changeWord(reason)}`;
    case 'code-changed':
      return `code ${reason.key} ${changeWord(reason)}`;
    case 'package-changed':
      return `package ${reason.key} ${reason.was ?? 'none'} → ${reason.now ?? 'none'}`;
    case 'engine-changed':
      return `engine ${reason.key} ${reason.was ?? 'none'} → ${reason.now ?? 'none'}`;
    case 'output-missing':
      return `output ${reason.key} missing`;
    case 'output-edited':
      return `output ${reason.key} edited by hand`;
    case 'forced':
      return 'forced';
    case 'always':
      return 'runs each time';
    default:
      return unreachable(reason);
  }
};

/** One or two reasons, or the first and how many more there are: a code change may touch thirty files. */
export const reasonsText = (reasons: readonly Reason[]): string =>
  reasons.length > 2 ? `${reasonText(reasons[0]!)} and ${reasons.length - 1} more` : reasons.map(reasonText).join(', ');

const changeWord = ({was, now}: {was: string | null; now: string | null}): string =>
  was === null ? 'added' : now === null ? 'removed' : 'changed';

/** A value as JSON, cut in the middle of nowhere when it is long: the whole of it is in `pipeline why --json`. */
export const valueText = (value: unknown): string => {
  const text = value === undefined ? 'unset' : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};

const unreachable = (reason: never): never => {
  throw new Error(`Internal error: no words for ${JSON.stringify(reason)}`);
};
