import ort from 'onnxruntime-node';

export interface PortableSession {
  /** `sentence_embedding` of token ids, one text after the other: [text, width]. */
  embed(texts: readonly Int32Array[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** An exported model.onnx as any program would run it: padded ids, the attention mask, batches of up to `rows`. */
export const openPortableSession = async (
  file: string,
  {threads, rows = 32}: {readonly threads: number; readonly rows?: number},
): Promise<PortableSession> => {
  const session = await ort.InferenceSession.create(file, {intraOpNumThreads: threads, interOpNumThreads: 1});
  const run = async (texts: readonly Int32Array[]): Promise<Float32Array> => {
    const tokens = Math.max(1, ...texts.map(text => text.length));
    const ids = new BigInt64Array(texts.length * tokens);
    const mask = new BigInt64Array(texts.length * tokens);
    for (const [row, text] of texts.entries()) {
      for (let at = 0; at < text.length; at++) {
        ids[row * tokens + at] = BigInt(text[at]!);
        mask[row * tokens + at] = 1n;
      }
    }
    const shape = [texts.length, tokens];
    const {sentence_embedding: vectors} = await session.run(
      {input_ids: new ort.Tensor('int64', ids, shape), attention_mask: new ort.Tensor('int64', mask, shape)},
      // The states of all tokens are not fetched.
      ['sentence_embedding'],
    );
    return vectors!.data as Float32Array;
  };
  return {
    embed: async texts => {
      const parts: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += rows) parts.push(await run(texts.slice(from, from + rows)));
      const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    },
    close: () => session.release(),
  };
};
