import {type AdamKernel, openAdamKernel} from './adam-kernel.ts';
import {EngineError} from './errors.ts';
import type {RowGradient} from './lookups.ts';
import type {AdamSettings, HostTensor} from './types.ts';

export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export type StepGradient =
  {readonly kind: 'dense'; readonly data: Float32Array} | ({readonly kind: 'rows'} & RowGradient);

/** Numbers of a gradient that are copied in at a time: they stay in the processor's nearest cache. */
const stagedNumbers = 8192;
/** WebAssembly addresses 32 bits. */
const mostBytes = 2 ** 32;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), in the form
 * of torch.optim.AdamW: p ← p·(1 − η·λ) − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε). Rows of an embedding table that a step
 * did not look up keep their values and moments (lazy Adam; t still counts all steps, as in torch.optim.SparseAdam).
 * On the host and not in the graph, where each of its ten operations would go through memory on its own.
 */
export class Adam {
  readonly #settings: AdamSettings;
  readonly #kernel: AdamKernel;
  readonly #staging: Float32Array;
  /** Copies of what the constructor was given: what the update writes. */
  readonly parameters: Readonly<Record<string, HostTensor>>;
  readonly moments: Readonly<Record<string, Moments>>;

  constructor(initial: Readonly<Record<string, HostTensor>>, trained: readonly string[], settings: AdamSettings) {
    this.#settings = settings;
    const sizes = trained.map(name => initial[name]!.data.length);
    const staged = Math.max(stagedNumbers, ...trained.map(name => initial[name]!.shape.at(-1) ?? 1));
    const bytes = 4 * (staged + sizes.reduce((sum, size) => sum + 3 * size, 0));
    if (bytes > mostBytes) {
      throw new EngineError(
        `Parameters and moments take ${(bytes / 2 ** 30).toFixed(1)} GiB, at most 4 are possible here. Freeze parameters or use a smaller model.`,
      );
    }
    const {memory, update} = openAdamKernel(bytes);
    this.#kernel = update;
    let used = 0;
    const allocate = (length: number): Float32Array => {
      const array = new Float32Array(memory.buffer, used, length);
      used += array.byteLength;
      return array;
    };
    this.#staging = allocate(staged);
    const isTrained = new Set(trained);
    this.parameters = Object.fromEntries(
      Object.entries(initial).map(([name, {shape, data}]) => {
        const copy = isTrained.has(name) ? allocate(data.length) : new Float32Array(data.length);
        copy.set(data);
        return [name, {shape: [...shape], data: copy}];
      }),
    );
    this.moments = Object.fromEntries(
      trained.map((name, at) => [name, {first: allocate(sizes[at]!), second: allocate(sizes[at]!)}]),
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
    const decays = this.#settings.decays ?? ((name: string) => this.parameters[name]!.shape.length > 1);
    const clip = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
    const {rateOf = () => 1} = this.#settings;
    const corrects = this.#settings.biasCorrection ?? true;
    const correction = corrects ? 1 - beta1 ** step : 1;
    const scale = corrects ? 1 / Math.sqrt(1 - beta2 ** step) : 1;
    const staging = this.#staging;
    for (const [name, gradient] of gradients) {
      const {data: parameter, shape} = this.parameters[name]!;
      const {first, second} = this.moments[name]!;
      const own = learningRate * rateOf(name);
      const rate = own / correction;
      const shrink = weightDecay > 0 && decays(name) ? 1 - own * weightDecay : 1;
      /** `length` numbers from `to` on, whose gradient is staged from `from` on. */
      const updateRange = (to: number, from: number, length: number): void =>
        this.#kernel(
          parameter.byteOffset + 4 * to, first.byteOffset + 4 * to, second.byteOffset + 4 * to, staging.byteOffset + 4 * from,
          4 * length, beta1, 1 - beta1, beta2, 1 - beta2, clip, rate, scale, epsilon, shrink,
        ); // prettier-ignore
      const {data} = gradient;
      if (gradient.kind === 'dense') {
        for (let at = 0; at < data.length; at += staging.length) {
          const part = data.subarray(at, at + staging.length);
          staging.set(part);
          updateRange(at, 0, part.length);
        }
        continue;
      }
      const dim = parameter.length / shape[0]!;
      const {ids} = gradient;
      const together = Math.floor(staging.length / dim);
      for (let at = 0; at < ids.length; at += together) {
        const end = Math.min(at + together, ids.length);
        staging.set(data.subarray(at * dim, end * dim));
        for (let row = at; row < end; row++) updateRange(ids[row]! * dim, (row - at) * dim, dim);
      }
    }
  }
}

/** Four sums side by side: additions that wait for each other would take four times as long. */
const squares = (values: Float32Array): number => {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    a += values[at]! * values[at]!;
    b += values[at + 1]! * values[at + 1]!;
    c += values[at + 2]! * values[at + 2]!;
    d += values[at + 3]! * values[at + 3]!;
  }
  for (let at = whole; at < values.length; at++) a += values[at]! * values[at]!;
  return a + b + (c + d);
};
