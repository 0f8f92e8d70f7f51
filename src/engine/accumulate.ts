import type {StepGradient} from './adam.ts';
import {EngineError} from './errors.ts';
import type {GradientFunction, StepResult} from './gradient-function.ts';
import {RowAccumulator} from './lookups.ts';
import type {Batch, HostTensor} from './types.ts';

/** More would leave the 32 bits that the masks' generator is started from. */
const mostParts = 127;

/**
 * Several batches whose losses are averaged before one update (gradient accumulation): what does not fit into memory at
 * once, or what padding to one length would waste. The gradient is that of the mean of the batches' losses.
 */
export class Accumulation {
  readonly #compute: GradientFunction;
  readonly #parameters: Readonly<Record<string, HostTensor>>;
  readonly #dense = new Map<string, Float32Array>();
  readonly #rows = new Map<string, RowAccumulator>();

  constructor(compute: GradientFunction, parameters: Readonly<Record<string, HostTensor>>) {
    this.#compute = compute;
    this.#parameters = parameters;
  }

  /** Loss and gradients of step `step`; valid until the next call. */
  async run(batches: readonly Batch[], progress: number, step: number): Promise<StepResult> {
    const [only] = batches;
    if (!only || batches.length > mostParts) {
      throw new EngineError(`A step takes 1 to ${mostParts} batches, found ${batches.length}.`);
    }
    if (batches.length === 1) return this.#compute.run(only, progress, {step, part: 0});
    // Before and not after: a step that failed half-way leaves sums behind.
    for (const rows of this.#rows.values()) rows.take();
    const seen = new Set<string>();
    let loss = 0;
    const reported: Record<string, number> = {};
    for (const [part, batch] of batches.entries()) {
      const result = await this.#compute.run(batch, progress, {step, part});
      loss += result.loss / batches.length;
      for (const [name, value] of Object.entries(result.reported))
        reported[name] = (reported[name] ?? 0) + value / batches.length;
      for (const [name, gradient] of result.gradients) {
        this.#add(name, gradient, 1 / batches.length, !seen.has(name));
        seen.add(name);
      }
    }
    return {loss, reported, gradients: this.#taken(seen)};
  }

  #add(name: string, gradient: StepGradient, share: number, isFirst: boolean): void {
    const {shape, data} = this.#parameters[name]!;
    const own = gradient.data;
    if (gradient.kind === 'rows') {
      // The gradient's memory is the backend's, which writes it anew in the next run.
      for (let at = 0; at < own.length; at++) own[at]! *= share;
      let rows = this.#rows.get(name);
      if (!rows) this.#rows.set(name, (rows = new RowAccumulator(shape[0]!, data.length / shape[0]!)));
      rows.add(gradient.ids, own);
      return;
    }
    let sums = this.#dense.get(name);
    if (!sums) this.#dense.set(name, (sums = new Float32Array(data.length)));
    if (isFirst) for (let at = 0; at < sums.length; at++) sums[at] = own[at]! * share;
    else for (let at = 0; at < sums.length; at++) sums[at]! += own[at]! * share;
  }

  #taken(seen: ReadonlySet<string>): Map<string, StepGradient> {
    const gradients = new Map<string, StepGradient>();
    for (const name of seen) {
      const rows = this.#rows.get(name);
      gradients.set(name, rows ? {kind: 'rows', ...rows.take()} : {kind: 'dense', data: this.#dense.get(name)!});
    }
    return gradients;
  }
}
