import type {Random} from './random.ts';

/** Rows end to end: [row, dim]. */
export interface Points {
  readonly data: Float32Array;
  readonly dim: number;
}

export interface KMeansOptions {
  readonly clusters: number;
  readonly random: Random;
  /** The best of so many runs, each from centres of its own, is kept. */
  readonly restarts?: number;
  readonly iterations?: number;
}

export interface Clustering {
  /** The cluster of each row. */
  readonly assignment: Int32Array;
  /** [cluster, dim] */
  readonly centres: Float32Array;
  /** Sum of squared distances to the centres. */
  readonly inertia: number;
}

/**
 * Lloyd's k-means (1982) from centres of k-means++ (Arthur and Vassilvitskii 2007): the same clusters for the same seed. A
 * cluster that loses all its rows starts again at the row that lies farthest from its own centre, as scikit-learn's does.
 */
export const kMeans = (points: Points, options: KMeansOptions): Clustering => {
  const {clusters, random, restarts = 4, iterations = 100} = options;
  const rows = points.data.length / points.dim;
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > rows)
    throw new RangeError(`${rows} rows can be cut into 1 to ${rows} clusters, asked for are ${clusters}.`);
  let best: Clustering | null = null;
  for (let restart = 0; restart < restarts; restart++) {
    const found = lloyd(points, firstCentres(points, clusters, random), iterations);
    if (best === null || found.inertia < best.inertia) best = found;
  }
  return best!;
};

const squaredDistance = (a: Float32Array, fromA: number, b: Float32Array, fromB: number, dim: number): number => {
  let sum = 0;
  for (let at = 0; at < dim; at++) {
    const difference = a[fromA + at]! - b[fromB + at]!;
    sum += difference * difference;
  }
  return sum;
};

/** Each further centre is a row, drawn in proportion to its squared distance from the nearest centre so far. */
const firstCentres = ({data, dim}: Points, clusters: number, random: Random): Float32Array => {
  const rows = data.length / dim;
  const centres = new Float32Array(clusters * dim);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let chosen = random.integer(rows);
  for (let cluster = 0; ; cluster++) {
    centres.set(data.subarray(chosen * dim, (chosen + 1) * dim), cluster * dim);
    if (cluster === clusters - 1) return centres;
    let total = 0;
    for (let row = 0; row < rows; row++) {
      nearest[row] = Math.min(nearest[row]!, squaredDistance(data, row * dim, centres, cluster * dim, dim));
      total += nearest[row]!;
    }
    let left = random.uniform() * total;
    // Where all rows are centres already (total 0), any row does.
    chosen = total > 0 ? rows - 1 : random.integer(rows);
    for (let row = 0; total > 0 && row < rows; row++) {
      left -= nearest[row]!;
      if (left < 0) {
        chosen = row;
        break;
      }
    }
  }
};

const lloyd = ({data, dim}: Points, centres: Float32Array, iterations: number): Clustering => {
  const rows = data.length / dim;
  const clusters = centres.length / dim;
  const assignment = new Int32Array(rows).fill(-1);
  const distances = new Float64Array(rows);
  let inertia = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    let moved = 0;
    inertia = 0;
    for (let row = 0; row < rows; row++) {
      let [nearest, least] = [0, Number.POSITIVE_INFINITY];
      for (let cluster = 0; cluster < clusters; cluster++) {
        const distance = squaredDistance(data, row * dim, centres, cluster * dim, dim);
        if (distance < least) [nearest, least] = [cluster, distance];
      }
      if (assignment[row] !== nearest) moved++;
      assignment[row] = nearest;
      distances[row] = least;
      inertia += least;
    }
    if (moved === 0) break;
    moveCentres({data, dim}, assignment, distances, centres);
  }
  return {assignment, centres, inertia};
};

/** Means of the rows of each cluster, into `centres`. */
const moveCentres = (
  {data, dim}: Points,
  assignment: Int32Array,
  distances: Float64Array,
  centres: Float32Array,
): void => {
  // prettier-ignore
  const clusters = centres.length / dim;
  const sums = new Float64Array(centres.length);
  const counts = new Int32Array(clusters);
  for (let row = 0; row < assignment.length; row++) {
    const to = assignment[row]! * dim;
    counts[assignment[row]!]!++;
    for (let at = 0; at < dim; at++) sums[to + at]! += data[row * dim + at]!;
  }
  for (let cluster = 0; cluster < clusters; cluster++) {
    if (counts[cluster]! > 0) {
      for (let at = 0; at < dim; at++) centres[cluster * dim + at] = sums[cluster * dim + at]! / counts[cluster]!;
      continue;
    }
    let farthest = 0;
    for (let row = 1; row < distances.length; row++) if (distances[row]! > distances[farthest]!) farthest = row;
    centres.set(data.subarray(farthest * dim, (farthest + 1) * dim), cluster * dim);
    distances[farthest] = 0; // two empty clusters take two rows
  }
};
