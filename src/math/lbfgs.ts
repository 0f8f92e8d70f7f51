/** Value at `x`; its gradient is written into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  readonly maxIterations?: number;
  /** Stops when no component of the gradient is larger. */
  readonly tolerance?: number;
  /** How many past steps stand in for the Hessian. */
  readonly memory?: number;
}

/**
 * Minimises a smooth convex function from `start` (changed in place, and returned): L-BFGS with the two-loop recursion
 * (Nocedal and Wright 2006, algorithm 7.4) and a backtracking line search (Armijo, c₁ = 10⁻⁴). Without the curvature
 * condition a pair of step and gradient change is kept only if their product is positive, so the direction stays downhill.
 */
export const minimise = (objective: Objective, start: Float64Array, options: LbfgsOptions = {}): Float64Array => {
  const {maxIterations = 300, tolerance = 1e-5, memory = 10} = options;
  const x = start;
  const size = x.length;
  let gradient = new Float64Array(size);
  let nextGradient = new Float64Array(size);
  const direction = new Float64Array(size);
  const candidate = new Float64Array(size);
  let value = objective(x, gradient);
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < maxIterations && largest(gradient) > tolerance; iteration++) {
    descend(direction, gradient, pairs);
    const slope = product(direction, gradient);
    // The first direction has the gradient's length; later ones are scaled by the curvature seen.
    let step = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(product(gradient, gradient))) : 1;
    let next = Infinity;
    for (let tries = 0; tries < 40; tries++, step /= 2) {
      for (let at = 0; at < size; at++) candidate[at] = x[at]! + step * direction[at]!;
      next = objective(candidate, nextGradient);
      if (next <= value + 1e-4 * step * slope) break;
    }
    // No step improves the value any more: rounding is what is left.
    if (!(next < value)) break;
    // The oldest pair's arrays are written over: with tens of thousands of weights new ones would cost more than sums.
    const pair =
      pairs.length < memory ? {moved: new Float64Array(size), turned: new Float64Array(size)} : pairs.shift()!;
    const {moved, turned} = pair;
    for (let at = 0; at < size; at++) {
      moved[at] = candidate[at]! - x[at]!;
      turned[at] = nextGradient[at]! - gradient[at]!;
    }
    const curvature = product(moved, turned);
    if (curvature > 0) pairs.push({moved, turned, curvature});
    x.set(candidate);
    value = next;
    [gradient, nextGradient] = [nextGradient, gradient];
  }
  return x;
};

interface Pair {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  /** moved · turned */
  readonly curvature: number;
}

/** Writes minus the inverse Hessian's estimate times the gradient into `direction`. */
const descend = (direction: Float64Array, gradient: Float64Array, pairs: readonly Pair[]): void => {
  for (let at = 0; at < gradient.length; at++) direction[at] = -gradient[at]!;
  const shares = new Float64Array(pairs.length);
  for (let at = pairs.length - 1; at >= 0; at--) {
    const {moved, turned, curvature} = pairs[at]!;
    shares[at] = product(moved, direction) / curvature;
    add(direction, turned, -shares[at]!);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = last.curvature / product(last.turned, last.turned);
    for (let at = 0; at < direction.length; at++) direction[at]! *= scale;
  }
  for (let at = 0; at < pairs.length; at++) {
    const {moved, turned, curvature} = pairs[at]!;
    add(direction, moved, shares[at]! - product(turned, direction) / curvature);
  }
};

/** Four sums side by side: one would wait for each addition to finish before the next. */
const product = (a: Float64Array, b: Float64Array): number => {
  let s = 0;
  let t = 0;
  let u = 0;
  let v = 0;
  let at = 0;
  for (; at + 3 < a.length; at += 4) {
    s += a[at]! * b[at]!;
    t += a[at + 1]! * b[at + 1]!;
    u += a[at + 2]! * b[at + 2]!;
    v += a[at + 3]! * b[at + 3]!;
  }
  for (; at < a.length; at++) s += a[at]! * b[at]!;
  return s + t + (u + v);
};

const add = (target: Float64Array, source: Float64Array, factor: number): void => {
  for (let at = 0; at < target.length; at++) target[at]! += factor * source[at]!;
};

const largest = (values: Float64Array): number => {
  let size = 0;
  for (let at = 0; at < values.length; at++) size = Math.max(size, Math.abs(values[at]!));
  return size;
};
