import type * as ort from 'onnxruntime-node';
import {checkBatch, shapeKey} from './batch.ts';
import {prepare} from './differentiate.ts';
import {eagerForward} from './eager.ts';
import {tableWidths} from './gradient-function.ts';
import {CompiledCache} from './jit/cache.ts';
import {type Compiled, compile, feedsOf, runCompiled} from './jit/compiled.ts';
import {sizeOf} from './jit/graph.ts';
import {nativeLstm} from './jit/native-lstm.ts';
import {hostTensor} from './jit/session.ts';
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
  const tensors = Object.fromEntries(
    names.map(name => [name, hostTensor('float32', parameters[name]!.shape, parameters[name]!.data)]),
  );
  const hostTables = tableWidths(parameters, names);
  const cache = new CompiledCache();
  const compileForward = (batch: Batch): Promise<Compiled> =>
    compile({
      parameters,
      names,
      batch,
      seed: 0,
      threads: engine.threads,
      record: ({parameters: symbols, batch: entries, progress, source, ...tracing}) => {
        const inputs = {parameters: symbols, batch: entries, progress, hostTables, nativeLstm: nativeLstm(tracing)};
        const prepared = prepare(inputs, source, false, null);
        const results = [forward(prepared.parameters, prepared.batch, prepared.context)].flat();
        return results.map((tensor, at) => ({name: `y${at}`, tensor}));
      },
    });
  return {
    run: async batch => {
      checkBatch(batch);
      const compiled = await cache.get(shapeKey(batch), () => compileForward(batch));
      const arrays = compiled.outputs.map(({shape}) => new Float32Array(sizeOf(shape)));
      const fetches: Record<string, ort.Tensor> = {};
      compiled.outputs.forEach(({name, shape}, at) => (fetches[name] = hostTensor('float32', shape, arrays[at]!)));
      await runCompiled(compiled, feedsOf(compiled, tensors, batch, 0, 0), fetches, batch);
      return arrays;
    },
    close: () => cache.close(),
  };
};
