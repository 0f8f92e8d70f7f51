import ort from 'onnxruntime-node';

/** One batch: texts as piece ids (special ones included) and what each piece's state counts in the text's vector. */
export interface EncoderBatch {
  readonly ids: readonly Int32Array[];
  readonly weights: readonly Float32Array[];
  /** Token types, for graphs built with `pairs`; 0 without. */
  readonly types?: readonly Int32Array[];
}

export interface EncoderSession {
  /** Sentence vectors end to end: [text, width]. */
  embed(batch: EncoderBatch): Promise<Float32Array>;
  /** Whatever outputs the graph has, by name. */
  run(batch: EncoderBatch): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/** Runs the graph of `encoderGraph` (encoded to ONNX) on the CPU with this many threads. */
export const openEncoderSession = async (options: {
  readonly model: Uint8Array;
  readonly threads: number;
}): Promise<EncoderSession> => {
  const session = await ort.InferenceSession.create(options.model, {
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    // With one thread other jobs have the other cores, and threads that spin while they wait would slow them down.
    extra: {
      session: {intra_op: {allow_spinning: options.threads === 1 ? '0' : '1'}},
      // Would join sums and layer norms to an operator that takes nine times as long as a layer norm.
      optimization: {disable_specified_optimizers: 'SkipLayerNormFusion'},
    },
  });
  const hasTypes = session.inputNames.includes('types');
  const run = async ({ids, weights, types}: EncoderBatch): Promise<Record<string, Float32Array>> => {
    const tokens = Math.max(1, ...ids.map(text => text.length));
    const paddedIds = new Int32Array(ids.length * tokens);
    const paddedTypes = new Int32Array(ids.length * tokens);
    const paddedWeights = new Float32Array(ids.length * tokens);
    for (const [row, text] of ids.entries()) {
      paddedIds.set(text, row * tokens);
      if (types) paddedTypes.set(types[row]!, row * tokens);
      paddedWeights.set(weights[row]!, row * tokens);
    }
    const shape = [ids.length, tokens];
    const results = await session.run({
      ids: new ort.Tensor('int32', paddedIds, shape),
      lengths: new ort.Tensor(
        'int32',
        Int32Array.from(ids, text => text.length),
        [ids.length],
      ),
      weights: new ort.Tensor('float32', paddedWeights, shape),
      ...(hasTypes && {types: new ort.Tensor('int32', paddedTypes, shape)}),
    });
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  };
  return {
    run,
    embed: async batch => (await run(batch))['vector']!,
    close: () => session.release(),
  };
};
