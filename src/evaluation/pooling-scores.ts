import {cosine} from '../math/vector-rows.ts';
import {spearman} from '../math/metrics.ts';
import {readTsv} from '../io/tsv.ts';

/** Labelled pairs of texts of one task. */
export interface LabelledPairs {
  readonly task: string;
  readonly pairs: readonly (readonly [string, string])[];
  /** A score, or 0 and 1 for two classes (in the alphabet's order). */
  readonly scores: readonly number[];
}

/**
 * The first `rows` labelled rows of a train.tsv (columns id, sentence1, sentence2, label); null where cosines cannot
 * be compared with the labels: a task of single sentences, or of three and more classes.
 */
export const readLabelledPairs = (task: string, path: string, rows: number): LabelledPairs | null => {
  const [header, ...lines] = [...readTsv(path)];
  const [first, second, label] = ['sentence1', 'sentence2', 'label'].map(name => header?.cells.indexOf(name) ?? -1);
  if (second! < 0) return null;
  const labelled = lines.filter(({cells}) => (cells[label!] ?? '') !== '').slice(0, rows);
  const labels = labelled.map(({cells}) => cells[label!]!);
  const numbers = labels.map(Number);
  const classes = [...new Set(labels)].sort();
  const isScore = numbers.every(Number.isFinite);
  if (labelled.length === 0 || (!isScore && classes.length !== 2)) return null;
  return {
    task,
    pairs: labelled.map(({cells}): [string, string] => [cells[first!]!, cells[second!]!]),
    scores: isScore ? numbers : labels.map(name => classes.indexOf(name)),
  };
};

/**
 * Spearman correlation of the cosines of pairs with their scores. Which of two classes is the more similar one is not
 * known, so the sign is dropped.
 */
export const pairCorrelation = ({pairs, scores}: LabelledPairs, vectorOf: (text: string) => Float32Array): number =>
  Math.abs(
    spearman(
      pairs.map(([a, b]) => cosine(vectorOf(a), vectorOf(b))),
      scores,
    ),
  );
