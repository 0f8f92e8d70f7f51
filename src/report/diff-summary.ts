import type {ResultsDiff} from './diff-types.ts';
import {plural} from './format.ts';
import {isChange} from './verdict.ts';

/** The first sentence: what a reader who stops there must know. */
export const summary = (diff: ResultsDiff): string => {
  const {changed, unchanged} = diff;
  const all = plural(changed.length + unchanged, 'cell');
  if (diff.same) return `The results are the same: ${plural(unchanged, 'cell')}, none differs.`;
  if (changed.length === 0) {
    const rest = cameWent(diff);
    const what = rest.length > 0 ? rest.join(', ') : 'only tests, published figures or sizes differ';
    return `No cell that both have differs; ${what}.`;
  }
  const moved = changed.filter(isChange);
  const still = changed.length - moved.length;
  const isOne = changed.length === 1;
  const what =
    moved.length === 0
      ? `Reproduced within noise: ${changed.length} of ${all} differ${isOne ? 's' : ''}, none by more than seed noise${tolerated(diff)}`
      : `${moved.length} of ${all} changed${direction(diff)}${still > 0 ? `; ${still} more differ${still === 1 ? 's' : ''} by no more than seed noise${tolerated(diff)}` : ''}`;
  return `${[what, ...cameWent(diff)].join('; ')}.`;
};

const tolerated = ({changed}: ResultsDiff): string =>
  changed.some(c => c.verdict === 'within tolerance') ? ' or the tolerance' : '';

/** `, 2 for the worse`: said only where it is so. */
const direction = ({changed}: ResultsDiff): string => {
  const worse = changed.filter(c => isChange(c) && c.isWorse).length;
  return worse === 0 ? '' : `, ${worse} for the worse`;
};

const cameWent = ({added, removed, renamed}: ResultsDiff): string[] => [
  ...(added.length > 0 ? [`${plural(added.length, 'cell')} came`] : []),
  ...(removed.length > 0 ? [`${plural(removed.length, 'cell')} went`] : []),
  ...(renamed.length > 0
    ? [`${plural(renamed.length, 'cell')} only ${renamed.length === 1 ? 'has' : 'have'} another name`]
    : []),
];
