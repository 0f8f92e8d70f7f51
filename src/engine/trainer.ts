import {Accumulation} from './accumulate.ts';
import {Adam} from './adam.ts';
import {checkBatch} from './batch.ts';
import {restoreCheckpoint, saveCheckpoint} from './checkpoint.ts';
import {divergence} from './divergence.ts';
import {eagerGradients} from './eager.ts';
import {EngineError} from './errors.ts';
import {type GradientFunction, type GradientRequest, tableWidths} from './gradient-function.ts';
import {registerGradients} from './gradients.ts';
import {jitGradients} from './jit/gradients.ts';
import {tfBackend} from './engine.ts';
import type {HostTensor, Parameters, Trainer, TrainerOptions} from './types.ts';

const copyOf = (parameters: Parameters): Record<string, HostTensor> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, {shape, data}]) => [
      name,
      {shape: [...shape], data: Float32Array.from(data)},
    ]),
  );

const checkNames = (names: readonly string[], parameters: Parameters, option: string): void => {
  for (const name of names) {
    if (Object.hasOwn(parameters, name)) continue;
    throw new EngineError(
      `${option}: there is no parameter "${name}"; there are: ${Object.keys(parameters).join(', ')}.`,
    );
  }
};

/** Gradients by the engine, Adam on the host: the same arithmetic and the same state on every backend. */
export const createTrainer = (options: TrainerOptions): Trainer => {
  const {engine, loss, optimizer = {}, frozen = [], lazyRows = [], seed = 0} = options;
  checkNames(frozen, options.parameters, 'frozen');
  checkNames(lazyRows, options.parameters, 'lazyRows');
  registerGradients(engine.backend === 'node' || engine.backend === 'node-gpu');
  const trained = Object.keys(options.parameters).filter(name => !frozen.includes(name));
  const adam = new Adam(options.parameters, trained, optimizer);
  const {parameters} = adam;
  for (const name of lazyRows) {
    const {shape} = parameters[name]!;
    if (shape.length !== 2)
      throw new EngineError(`lazyRows: "${name}" is [${shape.join(', ')}], not a table [rows, dim].`);
  }
  const request: GradientRequest = {
    parameters,
    loss,
    dense: trained.filter(name => !lazyRows.includes(name)),
    lazy: lazyRows.filter(name => !frozen.includes(name)),
    hostTables: tableWidths(parameters, [...lazyRows, ...frozen]),
    seed,
    threads: engine.threads,
    graphs: engine.graphs ?? null,
  };
  const compute: GradientFunction =
    engine.backend === 'jit' ? jitGradients(request) : eagerGradients(request, tfBackend(engine));
  const parts = new Accumulation(compute, parameters);
  let steps = 0;
  let lastReported: Readonly<Record<string, number>> = {};
  let busy = false;

  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    if (busy) throw new Error('Internal error: a trainer does one thing at a time; await each call');
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  };

  return {
    get steps() {
      return steps;
    },
    step: (batch, {learningRate, progress, batchName}) =>
      alone(async () => {
        const batches = [batch].flat();
        batches.forEach(checkBatch);
        const {loss: value, gradients, reported} = await parts.run(batches, progress, steps + 1);
        const diverged = (what: string): Error => divergence(what, steps + 1, learningRate, batchName?.());
        if (!Number.isFinite(value)) throw diverged(`the loss is ${value}`);
        const norm = adam.normOf(gradients);
        if (!Number.isFinite(norm)) throw diverged(`the norm of the gradients is ${norm} at loss ${value}`);
        steps += 1;
        lastReported = reported;
        adam.update(gradients, learningRate, steps, norm);
        return value;
      }),
    gradients: (batch, progress = 0) =>
      alone(async () => {
        checkBatch(batch);
        const result = await compute.run(batch, progress, {step: steps + 1, part: 0});
        const dense: Record<string, HostTensor> = {};
        for (const [name, gradient] of result.gradients) {
          const {shape, data} = parameters[name]!;
          if (gradient.kind === 'dense') dense[name] = {shape, data: Float32Array.from(gradient.data)};
          else {
            const all = new Float32Array(data.length);
            const dim = shape[1]!;
            gradient.ids.forEach((id, at) => all.set(gradient.data.subarray(at * dim, (at + 1) * dim), id * dim));
            dense[name] = {shape, data: all};
          }
        }
        return {loss: result.loss, gradients: dense};
      }),
    reported: () => lastReported,
    parameters: () => copyOf(parameters),
    save: (folder, notes = {}) =>
      alone(async () => saveCheckpoint(folder, {parameters, moments: adam.moments}, {steps, seed, notes})),
    restore: folder =>
      alone(async () => {
        const facts = restoreCheckpoint(folder, {parameters, moments: adam.moments}, seed);
        if (!facts) return null;
        steps = facts.steps;
        return facts.notes;
      }),
    close: () => compute.close(),
  };
};
