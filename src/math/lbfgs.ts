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
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const pairs: Pair[] = [];
  let candidate = new Float64Array(x.length);
  let nextGradient = new Float64Array(x.length);
  for (let iteration = 0; iteration < maxIterations && largest(gradient) > tolerance; iteration++) {
    const direction = descentDirection(gradient, pairs);
    const slope = product(direction, gradient);
    // The first direction has the gradient's length; later ones are scaled by the curvature seen.
    let step = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(product(gradient, gradient))) : 1;
    let next = Infinity;
    for (let tries = 0; tries < 40; tries++, step /= 2) {
      for (let at = 0; at < x.length; at++) candidate[at] = x[at]! + step * direction[at]!;
      next = objective(candidate, nextGradient);
      if (next <= value + 1e-4 * step * slope) break;
    }
    // No step improves the value any more: rounding is what is left.
    if (!(next < value)) break;
    const moved = candidate.map((coordinate, at) => coordinate - x[at]!);
    const turned = nextGradient.map((slopeAt, at) => slopeAt - gradient[at]!);
    const curvature = product(moved, turned);
    if (curvature > 0) pairs.push({moved, turned, curvature});
    if (pairs.length > memory) pairs.shift();
    x.set(candidate);
    value = next;
    [gradient, nextGradient] = [nextGradient, gradient];
    candidate = new Float64Array(x.length);
  }
  return x;
};

interface Pair {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  /** moved · turned */
  readonly curvature: number;
}

const descentDirection = (gradient: Float64Array, pairs: readonly Pair[]): Float64Array => {
  const direction = gradient.map(slope => -slope);
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
  pairs.forEach(({moved, turned, curvature}, at) => {
    add(direction, moved, shares[at]! - product(turned, direction) / curvature);
  });
  return direction;
};

const product = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};

const add = (target: Float64Array, source: Float64Array, factor: number): void => {
  for (let at = 0; at < target.length; at++) target[at]! += factor * source[at]!;
};

const largest = (values: Float64Array): number => {
  let size = 0;
  for (let at = 0; at < values.length; at++) size = Math.max(size, Math.abs(values[at]!));
  return size;
};
