import type {Random} from '../../math/random.ts';
import {comparable} from '../../text/normalize.ts';
import type {GeneratedRows, Row} from '../task.ts';
import {groupBy, sample} from './sample.ts';
import {isDevText} from './split-by-hash.ts';

export interface PairConstruction<P> {
  /** Everything that is true, as a pair of texts. */
  readonly positives: readonly P[];
  readonly first: (positive: P) => string;
  readonly second: (positive: P) => string;
  /** Negatives are made within a bucket, so that the topic alone does not give them away. */
  readonly bucket: (positive: P) => string;
  /** Whether the first text of one and the second text of the other make a false pair. */
  readonly isFalse: (first: P, second: P) => boolean;
  readonly labels: {readonly positive: string; readonly negative: string};
  readonly rows: {readonly train: number; readonly dev: number};
  readonly random: Random;
}

/**
 * Pairs that neither text gives away alone. Each bucket is halved at random; the first half stays as it is, and each pair
 * of it lends its second text to a first text of the other half: a couple of one true and one false row with the same
 * second text. Couples are kept or dropped whole, so every second text is true as often as it is false, exactly.
 *
 * Dev is chosen by the hash of the second text; training pairs that share any text with dev are dropped.
 */
export const constructPairs = <P>(task: PairConstruction<P>): GeneratedRows => {
  const dev = task.positives.filter(positive => isDevText(task.second(positive)));
  const devTexts = new Set(dev.flatMap(positive => [task.first(positive), task.second(positive)].map(comparable)));
  const train = task.positives.filter(
    positive => !devTexts.has(comparable(task.first(positive))) && !devTexts.has(comparable(task.second(positive))),
  );
  const truths = new Set(task.positives.map(positive => pairKey(task.first(positive), task.second(positive))));
  return {
    train: rowsOf(task, train, truths, task.rows.train, task.random.fork('train')),
    dev: rowsOf(task, dev, truths, task.rows.dev, task.random.fork('dev')),
  };
};

const pairKey = (first: string, second: string): string => `${comparable(first)}\t${comparable(second)}`;

const rowsOf = <P>(
  task: PairConstruction<P>,
  positives: readonly P[],
  truths: ReadonlySet<string>,
  count: number,
  random: Random,
): Row[] => {
  const used = new Set<string>();
  const couples: (readonly [Row, Row])[] = [];
  for (const bucket of groupBy(random.shuffle([...positives]), task.bucket).values()) {
    for (const [keeper, borrower] of matchHalves(task, bucket)) {
      const second = task.second(keeper);
      const pairs = [task.first(keeper), task.first(borrower)] as const;
      const keys = pairs.map(first => pairKey(first, second));
      const isFit =
        !truths.has(keys[1]!) &&
        keys.every(key => !used.has(key)) &&
        pairs.every(first => comparable(first) !== comparable(second));
      if (!isFit) continue;
      for (const key of keys) used.add(key);
      couples.push([
        [pairs[0], second, task.labels.positive],
        [pairs[1], second, task.labels.negative],
      ]);
    }
  }
  return random.shuffle(sample(couples, Math.floor(count / 2), random).flat());
};

/** Pairs of the bucket's first half, each with one of the second half that may borrow its second text. */
function* matchHalves<P>(task: PairConstruction<P>, bucket: readonly P[]): Generator<readonly [P, P]> {
  const half = Math.floor(bucket.length / 2);
  const free = bucket.slice(half);
  for (const keeper of bucket.slice(0, half)) {
    // Nearly every borrower fits; where thirty do not, the text is too general to make a false pair of.
    const at = free.slice(0, 30).findIndex(borrower => task.isFalse(borrower, keeper));
    if (at < 0) continue;
    yield [keeper, free[at]!];
    free.splice(at, 1);
  }
}
