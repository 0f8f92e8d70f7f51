import type * as tf from '@tensorflow/tfjs-core';
import type {StepGradient} from '../adam.ts';
import {shapeKey} from '../batch.ts';
import {differentiate, prepare} from '../differentiate.ts';
import {EngineError} from '../errors.ts';
import {type GradientFunction, type GradientRequest, maskNumber, tensorNames} from '../gradient-function.ts';
import {RowAccumulator} from '../lookups.ts';
import type {Batch} from '../types.ts';
import {CompiledCache} from './cache.ts';
import {type Compiled, compile, feedsOf, runCompiled} from './compiled.ts';
import {GraphFolder} from './graph-folder.ts';
import {sharedTensor} from './session.ts';
import type {SessionTensor, SessionTensors} from './session-requests.ts';
import {sessionThread} from './session-thread.ts';

const reportPrefix = 'report ';

/** Loss and gradients as one ONNX Runtime call, traced once per combination of batch shapes. */
export const jitGradients = (request: GradientRequest): GradientFunction => {
  const {parameters, loss, dense, lazy, hostTables, seed, threads} = request;
  const graphs = request.graphs === null ? null : new GraphFolder(request.graphs);
  const names = tensorNames(request);
  const cache = new CompiledCache();
  // Starts while the caller still has other things to do before the first step.
  sessionThread();
  /** Copies that travel to the sessions: the parameters themselves lie where WebAssembly updates them. */
  const copies = new Map<string, SessionTensor>();
  /** Those that hold the parameters of this step. */
  const current = new Set<string>();
  const parameter = (name: string): SessionTensor => {
    const {shape, data} = parameters[name]!;
    let copy = copies.get(name);
    if (!copy) copies.set(name, (copy = sharedTensor('float32', shape)));
    if (!current.has(name)) copy.data.set(data);
    current.add(name);
    return copy;
  };
  // Shared by all shapes: a dense table's gradient is the largest thing here.
  const gradientTensors = Object.fromEntries(
    dense.map(name => [`d ${name}`, sharedTensor('float32', parameters[name]!.shape)]),
  );
  const accumulators = new Map(
    lazy.map(table => [table, new RowAccumulator(parameters[table]!.shape[0]!, hostTables[table]!)]),
  );
  /** Whether the loss has been seen to be a function of its inputs alone; once is enough. */
  let checked = false;
  const fetchesOf = new WeakMap<Compiled, SessionTensors>();

  const compileStep = async (batch: Batch): Promise<Compiled> => {
    const compiled = await compile({
      parameters,
      names,
      batch,
      seed,
      threads,
      graphs,
      record: ({parameters: symbols, batch: entries, progress, source, valueOf}) => {
        const inputs = {parameters: symbols, batch: entries, progress, hostTables};
        const rowGradient: typeof source.rowGradient = (table, entry, gradient) => {
          if (accumulators.has(table)) source.rowGradient(table, entry, gradient);
        };
        const found = differentiate(loss, inputs, dense, {...source, rowGradient});
        const gradients = [...found.gradients].map(([name, tensor]) => ({name: `d ${name}`, tensor}));
        const reported = Array.from(found.reported, ([name, tensor]) => ({name: `${reportPrefix}${name}`, tensor}));
        const outputs = [{name: 'loss', tensor: found.loss}, ...reported, ...gradients];
        if (checked) return {outputs};
        // Equal expressions are one value: two evaluations give the same one unless something on the host changed.
        const evaluate = (): tf.Scalar => {
          const again = prepare(inputs, source, true, null);
          const value = loss(again.parameters, again.batch, again.context);
          again.release();
          return value;
        };
        const check = (): void => {
          if (valueOf(evaluate()) !== valueOf(evaluate())) throw varying();
        };
        return {outputs, check};
      },
    });
    checked = true;
    const own = compiled.outputs.map(({name, shape}) => {
      const tensor = gradientTensors[name] ?? sharedTensor('float32', shape);
      return [name, tensor] as const;
    });
    fetchesOf.set(compiled, Object.fromEntries(own));
    return compiled;
  };

  return {
    run: async (batch, progress, place) => {
      const compiled = await cache.get(shapeKey(batch), () => compileStep(batch));
      const fetches = fetchesOf.get(compiled)!;
      if (place.part === 0) current.clear();
      await runCompiled(compiled, feedsOf(compiled, parameter, batch, progress, maskNumber(place)), fetches, batch);
      const data = (name: string): Float32Array => fetches[name]!.data as Float32Array;
      const gradients = new Map<string, StepGradient>();
      for (const name of dense) if (fetches[`d ${name}`]) gradients.set(name, {kind: 'dense', data: data(`d ${name}`)});
      for (const {table, entry, name} of compiled.rows) {
        accumulators.get(table)!.add(batch[entry]!.data as Int32Array, data(name));
      }
      for (const [table, accumulator] of accumulators) {
        const sums = accumulator.take();
        if (sums.ids.length > 0) gradients.set(table, {kind: 'rows', ...sums});
      }
      const reported = Object.fromEntries(
        compiled.outputs.flatMap(({name}) =>
          name.startsWith(reportPrefix) ? [[name.slice(reportPrefix.length), data(name)[0]!] as const] : [],
        ),
      );
      return {loss: data('loss')[0]!, reported, gradients};
    },
    close: () => cache.close(),
  };
};

const varying = (): EngineError =>
  new EngineError(
    'The loss function differs from one call to the next: it uses a number from the host that changes (Math.random, a counter, ' +
      'a rate). The graph would keep the first one for ever. Pass it as a batch entry, or use ctx.progress or ctx.dropout.',
  );
