import {checkBatch, shapeKey} from './batch.ts';
import {prepare} from './differentiate.ts';
import {eagerForward} from './eager.ts';
import {tableWidths} from './gradient-function.ts';
import {CompiledCache} from './jit/cache.ts';
import {type Compiled, compile, feedsOf, runCompiled} from './jit/compiled.ts';
import {GraphFolder} from './jit/graph-folder.ts';
import {nativeLstm} from './jit/native-lstm.ts';
import {KeptTensors, sharedTensor} from './jit/session.ts';
import {tfBackend} from './engine.ts';
import type {Batch, Predictor, PredictorOptions} from './types.ts';

/** Runs a forward function without gradients; compiled once per combination of batch shapes on the jit. */
export const createPredictor = (options: PredictorOptions): Predictor => {
  if (options.engine.backend === 'jit') return jitPredictor(options);
  return {
    run: batch => {
      checkBatch(batch);
      return eagerForward(options, batch, tfBackend(options.engine));
    },
    close: () => Promise.resolve(),
  };
};

const jitPredictor = ({engine, parameters, forward}: PredictorOptions): Predictor => {
  const names = Object.keys(parameters);
  const kept = new KeptTensors(Object.fromEntries(names.map(name => [`p ${name}`, parameters[name]!])));
  const graphs = engine.graphs === undefined ? null : new GraphFolder(engine.graphs);
  const hostTables = tableWidths(parameters, names);
  const cache = new CompiledCache();
  const compileForward = (batch: Batch): Promise<Compiled> =>
    compile({
      parameters,
      names,
      batch,
      seed: 0,
      threads: engine.threads,
      graphs,
      kept,
      record: ({parameters: symbols, batch: entries, progress, source, ...tracing}) => {
        const inputs = {parameters: symbols, batch: entries, progress, hostTables, nativeLstm: nativeLstm(tracing)};
        const prepared = prepare(inputs, source, false, null);
        const results = [forward(prepared.parameters, prepared.batch, prepared.context)].flat();
        return {outputs: results.map((tensor, at) => ({name: `y${at}`, tensor}))};
      },
    });
  const predict = async (batch: Batch): Promise<Float32Array[]> => {
    const compiled = await cache.get(shapeKey(batch), () => compileForward(batch));
    const results = compiled.outputs.map(({name, shape}) => [name, sharedTensor('float32', shape)] as const);
    await runCompiled(
      compiled,
      feedsOf(compiled, () => null, batch, 0, 0),
      Object.fromEntries(results),
      batch,
    );
    return results.map(([, {data}]) => data as Float32Array);
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    // One at a time: what a run fills before it starts is away until it ends.
    run: batch => {
      checkBatch(batch);
      const run = last.then(() => predict(batch));
      last = run.catch(() => undefined);
      return run;
    },
    close: async () => {
      await last;
      await cache.close();
      await kept.drop();
    },
  };
};
