import {axisText} from './cells.ts';
import type {CellChange, CellName, CellPresence, RecordChange, ResultsDiff} from './diff.ts';
import {fixed, megabytes, plural, points, probability, signedPoints, thousands} from './format.ts';
import type {Test} from './results.ts';
import {gfm} from './table.ts';

/** What a GitHub comment takes. */
export const longestComment = 65_536;

/** A table that may be cut: the rows beyond `most` are counted. */
const table = (head: readonly string[], rows: readonly (readonly string[])[], most: number, right: number): string => {
  const align = head.map((_, i) => (i >= right ? 'right' : 'left'));
  const left = rows.length - most;
  const body = gfm(head, rows.slice(0, most), align);
  return left > 0 ? `${most > 0 ? body : ''}\n… and ${plural(left, 'more row')}, left out for length.\n` : body;
};

const cellName = ({task, split, metric, arm, axis}: CellName): string[] => [
  [task, axisText(axis)].filter(Boolean).join(', '),
  `${metric} (${split})`,
  arm,
];

const maybe = (p: number | null): string => (p === null ? '–' : probability(p));

const changeRow = (c: CellChange): string[] => [
  ...cellName(c),
  points(c.old.median),
  points(c.new.median),
  signedPoints(c.difference),
  maybe(c.p),
  maybe(c.adjusted),
  c.old.n === c.new.n ? `${c.old.n}` : `${c.old.n} → ${c.new.n}`,
  c.verdict,
];

const presenceTable = (title: string, cells: readonly CellPresence[], most: number): string[] =>
  cells.length === 0
    ? []
    : [
        `### ${title}\n`,
        table(
          ['Task', 'Metric', 'Arm', 'Median', 'Seeds'],
          cells.map(c => [...cellName(c), points(c.median), `${c.n}`]),
          most,
          3,
        ),
      ];

const testText = (test: Test | null): string =>
  test === null ? '–' : `${maybe(test.adjusted ?? test.p)}${(test.adjusted ?? 1) < 0.05 ? ' *' : ''}`;

const testRow = ({name, old, new: now}: RecordChange<Test>): string[] => [name, testText(old), testText(now)];

/** The first sentence: what a reader who stops there must know. */
export const summary = (diff: ResultsDiff): string => {
  const {changed, added, removed, unchanged} = diff;
  if (diff.same) return `The results are the same: ${plural(unchanged, 'cell')}, none differs.`;
  const noise = changed.filter(c => c.verdict === 'noise').length;
  const moved = changed.length - noise;
  const cameWent = [
    ...(added.length > 0 ? [`${plural(added.length, 'cell')} came`] : []),
    ...(removed.length > 0 ? [`${plural(removed.length, 'cell')} went`] : []),
  ];
  const of = `${changed.length} of ${plural(changed.length + unchanged, 'cell')}`;
  if (changed.length === 0) {
    const rest = cameWent.length > 0 ? cameWent.join(', ') : 'only tests, published figures or sizes differ';
    return `No cell that both have differs; ${rest}.`;
  }
  const what =
    moved === 0
      ? `Reproduced within noise: ${of} differ${changed.length === 1 ? 's' : ''}, none by more than seed noise`
      : `${moved} of ${plural(changed.length + unchanged, 'cell')} changed${noise > 0 ? `; ${noise} more differ${noise === 1 ? 's' : ''} by no more than seed noise` : ''}`;
  return `${[what, ...cameWent].join('; ')}.`;
};

const legend = ({changed, correction}: ResultsDiff): string[] => {
  const tested = changed.filter(c => c.p !== null).length;
  if (tested === 0) return [];
  const holm = `p: two-sided exact Mann-Whitney over seeds, adjusted by Holm over ${plural(tested, 'cell')} that differ; "noise" means adjusted p ≥ .05, which isn't proof of no change.`;
  const blind = `p: two-sided exact Mann-Whitney over seeds, adjusted by Benjamini-Hochberg over ${plural(tested, 'cell')} that differ, because so few seeds over so many cells could never pass Holm; "noise" means adjusted p ≥ .05, which isn't proof of no change.`;
  return [`${correction === 'holm' ? holm : blind}\n`];
};

/** The results' part of `pipeline diff`, its tables cut to `most` rows each. */
export const diffMarkdown = (diff: ResultsDiff, most = Infinity): string => {
  const {changed, tests, published, sizes, timings} = diff;
  // What changed stands before what is noise; each in the order of the report.
  const sorted = [...changed.filter(c => c.verdict !== 'noise'), ...changed.filter(c => c.verdict === 'noise')];
  const head = ['Task', 'Metric', 'Arm', 'Old', 'New', 'Difference', 'p', 'p adjusted', 'Seeds', 'Verdict'];
  const parts = [
    `**${summary(diff)}**\n`,
    ...(changed.length > 0 ? [table(head, sorted.map(changeRow), most, 3), ...legend(diff)] : []),
    ...presenceTable('Cells that came', diff.added, most),
    ...presenceTable('Cells that went', diff.removed, most),
    ...(tests.length > 0
      ? [
          '### Tests\n',
          table(['Comparison', 'Adjusted p, old', 'New'], tests.map(testRow), most, 1),
          '`*`: below .05\n',
        ]
      : []),
    ...(published.length > 0
      ? [
          '### Published figures\n',
          table(
            ['Figure', 'Old', 'New'],
            published.map(p => [p.name, p.old?.value ?? '–', p.new?.value ?? '–']),
            most,
            1,
          ),
        ]
      : []),
    ...(sizes
      ? [
          '### Sizes\n',
          table(
            ['Model', 'Old', 'New'],
            (['teacher', 'student'] as const).map(who => {
              const text = (s: typeof sizes.old): string =>
                s ? `${megabytes(s[who].bytes)}, ${thousands(s[who].parameters)} parameters` : '–';
              return [who, text(sizes.old), text(sizes.new)];
            }),
            most,
            1,
          ),
        ]
      : []),
    ...(timings.length > 0
      ? [
          '### Timings (measured anew; no part of the verdict)\n',
          table(
            ['What', 'Old', 'New', 'New / old'],
            timings.map(t => [t.what, fixed(t.old, 1), fixed(t.new, 1), fixed(t.new / t.old, 2)]),
            most,
            1,
          ),
        ]
      : []),
  ];
  return parts.join('\n');
};
