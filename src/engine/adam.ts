import type {RowGradient} from './lookups.ts';
import type {AdamSettings, HostTensor} from './types.ts';

export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export type StepGradient =
  {readonly kind: 'dense'; readonly data: Float32Array} | ({readonly kind: 'rows'} & RowGradient);

interface Rule {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Learning rate over the first moment's bias correction. */
  readonly rate: number;
  /** Square root of the second moment's bias correction. */
  readonly correction: number;
  readonly clip: number;
  /** 1 − learning rate · weight decay. */
  readonly shrink: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), in the form
 * of torch.optim.AdamW: p ← p·(1 − η·λ) − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε). Rows of an embedding table that a step
 * did not look up keep their values and moments (lazy Adam; t still counts all steps, as in torch.optim.SparseAdam).
 * Plain loops over typed arrays: at the sizes of our students faster than feeding all moments through a graph.
 */
export class Adam {
  readonly #settings: AdamSettings;
  readonly #parameters: Readonly<Record<string, HostTensor>>;
  readonly moments: Readonly<Record<string, Moments>>;

  constructor(parameters: Readonly<Record<string, HostTensor>>, trained: readonly string[], settings: AdamSettings) {
    this.#settings = settings;
    this.#parameters = parameters;
    this.moments = Object.fromEntries(
      trained.map(name => {
        const {length} = parameters[name]!.data;
        return [name, {first: new Float32Array(length), second: new Float32Array(length)}];
      }),
    );
  }

  /** Over all gradients together, before clipping. */
  normOf(gradients: ReadonlyMap<string, StepGradient>): number {
    let sum = 0;
    for (const {data} of gradients.values()) sum += squares(data);
    return Math.sqrt(sum);
  }

  /** One update; `step` counts from 1, `norm` is `normOf(gradients)`. */
  update(gradients: ReadonlyMap<string, StepGradient>, learningRate: number, step: number, norm: number): void {
    const {beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, clipNorm} = this.#settings;
    const decays = this.#settings.decays ?? ((name: string) => this.#parameters[name]!.shape.length > 1);
    const clip = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
    for (const [name, gradient] of gradients) {
      const rule: Rule = {
        beta1,
        beta2,
        epsilon,
        rate: learningRate / (1 - beta1 ** step),
        correction: Math.sqrt(1 - beta2 ** step),
        clip,
        shrink: weightDecay > 0 && decays(name) ? 1 - learningRate * weightDecay : 1,
      };
      const {data: parameter, shape} = this.#parameters[name]!;
      const moments = this.moments[name]!;
      if (gradient.kind === 'dense') {
        updateRange(parameter, moments, gradient.data, 0, 0, parameter.length, rule);
        continue;
      }
      const dim = parameter.length / shape[0]!;
      gradient.ids.forEach((id, at) => updateRange(parameter, moments, gradient.data, id * dim, at * dim, dim, rule));
    }
  }
}

const squares = (values: Float32Array): number => {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]! * values[at]!;
  return sum;
};

/** `parameter` and moments from `to` on, with the gradient from `from` on. */
const updateRange = (
  parameter: Float32Array,
  {first, second}: Moments,
  gradient: Float32Array,
  to: number,
  from: number,
  length: number,
  {beta1, beta2, epsilon, rate, correction, clip, shrink}: Rule,
): void => {
  const [keep1, keep2] = [1 - beta1, 1 - beta2];
  for (let at = 0; at < length; at++) {
    const g = gradient[from + at]! * clip;
    const m = beta1 * first[to + at]! + keep1 * g;
    const v = beta2 * second[to + at]! + keep2 * g * g;
    first[to + at] = m;
    second[to + at] = v;
    parameter[to + at] = parameter[to + at]! * shrink - (rate * m) / (Math.sqrt(v) / correction + epsilon);
  }
};
