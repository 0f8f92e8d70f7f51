/** A class or a cluster of each row, by any name. */
export type Partition = ArrayLike<string | number>;

/** How often each class meets each cluster: [class, cluster], with the sums of both. */
const contingency = (classes: Partition, clusters: Partition) => {
  if (classes.length !== clusters.length || classes.length === 0)
    throw new RangeError(
      `Expected a class and a cluster for each row, found ${classes.length} and ${clusters.length}.`,
    );
  const classIds = new Map<string | number, number>();
  const clusterIds = new Map<string | number, number>();
  const idOf = (ids: Map<string | number, number>, name: string | number): number => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    ids.set(name, ids.size);
    return ids.size - 1;
  };
  const cells = new Map<string, {readonly of: number; readonly in: number; count: number}>();
  const ofClass: number[] = [];
  const inCluster: number[] = [];
  for (let row = 0; row < classes.length; row++) {
    const of = idOf(classIds, classes[row]!);
    const inside = idOf(clusterIds, clusters[row]!);
    const key = `${of} ${inside}`;
    const cell = cells.get(key);
    if (cell) cell.count++;
    else cells.set(key, {of, in: inside, count: 1});
    ofClass[of] = (ofClass[of] ?? 0) + 1;
    inCluster[inside] = (inCluster[inside] ?? 0) + 1;
  }
  return {rows: classes.length, cells: [...cells.values()], ofClass, inCluster};
};

/** Share of the rows that are of the largest class of their cluster (Manning, Raghavan and Schütze 2008, equation 16.1). */
export const purity = (classes: Partition, clusters: Partition): number => {
  const {rows, cells, inCluster} = contingency(classes, clusters);
  const largest = inCluster.map(() => 0);
  for (const cell of cells) largest[cell.in] = Math.max(largest[cell.in]!, cell.count);
  return largest.reduce((sum, count) => sum + count, 0) / rows;
};

const entropy = (counts: readonly number[], rows: number): number =>
  -counts.reduce((sum, count) => sum + (count / rows) * Math.log(count / rows), 0);

/**
 * Normalised mutual information: I(class; cluster) over the mean of both entropies, as scikit-learn's
 * normalized_mutual_info_score (average_method 'arithmetic'): from 0 (independent) to 1; 1 where both have one part only.
 */
export const normalizedMutualInformation = (classes: Partition, clusters: Partition): number => {
  const {rows, cells, ofClass, inCluster} = contingency(classes, clusters);
  if (ofClass.length === 1 && inCluster.length === 1) return 1;
  const information = cells.reduce(
    (sum, cell) =>
      sum + (cell.count / rows) * Math.log((cell.count * rows) / (ofClass[cell.of]! * inCluster[cell.in]!)),
    0,
  );
  const mean = (entropy(ofClass, rows) + entropy(inCluster, rows)) / 2;
  return mean === 0 ? 0 : Math.max(0, information) / mean;
};

const pairs = (count: number): number => (count * (count - 1)) / 2;
const pairsOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + pairs(count), 0);

/**
 * Adjusted Rand index (Hubert and Arabie 1985, equation 5): pairs of rows that both partitions keep together, less what
 * chance would, over the most that could be; 0 for chance, 1 for equal partitions, which trivial ones are too.
 */
export const adjustedRandIndex = (classes: Partition, clusters: Partition): number => {
  const {rows, cells, ofClass, inCluster} = contingency(classes, clusters);
  const together = pairsOf(cells.map(cell => cell.count));
  const [byClass, byCluster] = [pairsOf(ofClass), pairsOf(inCluster)];
  const expected = rows > 1 ? (byClass * byCluster) / pairs(rows) : 0;
  const most = (byClass + byCluster) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
};
