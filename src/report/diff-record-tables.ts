import {cutTable} from './diff-tables.ts';
import type {RecordChange, ResultsDiff} from './diff-types.ts';
import {fixed, megabytes, probability, thousands} from './format.ts';
import type {Results, Test} from './results.ts';

const testText = (test: Test | null): string => {
  const p = test?.adjusted ?? test?.p;
  return p === null || p === undefined ? '–' : `${probability(p)}${(test?.adjusted ?? 1) < 0.05 ? ' *' : ''}`;
};

const testRow = ({name, old, new: now}: RecordChange<Test>): string[] => [name, testText(old), testText(now)];

const sizeText = (sizes: Results['sizes'], who: 'teacher' | 'student'): string =>
  sizes ? `${megabytes(sizes[who].bytes)}, ${thousands(sizes[who].parameters)} parameters` : '–';

/** Tests, published figures and sizes that differ, and timings apart. */
export const recordParts = ({tests, published, sizes, timings}: ResultsDiff, most: number): string[] => [
  ...(tests.length > 0
    ? [
        '### Tests\n',
        cutTable(['Comparison', 'Adjusted p, old', 'New'], tests.map(testRow), most, 1),
        '`*`: below .05\n',
      ]
    : []),
  ...(published.length > 0
    ? [
        '### Published figures\n',
        cutTable(
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
        cutTable(
          ['Model', 'Old', 'New'],
          (['teacher', 'student'] as const).map(who => [who, sizeText(sizes.old, who), sizeText(sizes.new, who)]),
          most,
          1,
        ),
      ]
    : []),
  ...(timings.length > 0
    ? [
        '### Timings (measured anew; no part of the verdict)\n',
        cutTable(
          ['What', 'Old', 'New', 'New / old'],
          timings.map(t => [t.what, fixed(t.old, 1), fixed(t.new, 1), fixed(t.new / t.old, 2)]),
          most,
          1,
        ),
      ]
    : []),
];
