import type * as Ort from 'onnxruntime-node';
import type {Requests, SessionTensor, SessionTensors} from './session-requests.ts';

export type SessionWork = {readonly [Kind in keyof Requests]: (request: Requests[Kind]) => Promise<unknown>};

/**
 * What the thread of the sessions does, by kind of request. It refers to nothing outside itself, because the thread is started
 * from its text. ONNX Runtime takes no shared memory, so that numbers are copied from there and back. To move arrays between
 * the threads instead costs more: V8 counts each as new memory, and tidies up the caller's whole heap at every step.
 */
export const sessionWork = (ort: typeof Ort): SessionWork => {
  const sessions = new Map<number, Ort.InferenceSession>();
  const kept = new Map<number, Record<string, Ort.Tensor>>();
  const tensorOf = ({dtype, shape, data}: SessionTensor): Ort.Tensor => {
    const own = data.buffer instanceof SharedArrayBuffer ? data.slice() : data;
    return dtype === 'float32'
      ? new ort.Tensor(dtype, own as Float32Array, shape)
      : new ort.Tensor(dtype, own as Int32Array, shape);
  };
  const tensorsOf = (tensors: SessionTensors): Record<string, Ort.Tensor> =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensorOf(tensor)]));
  return {
    open: async ({session, model, options}) => {
      const opened = await ort.InferenceSession.create(model, options);
      sessions.set(session, opened);
      return [...opened.inputNames];
    },
    keep: async ({store, tensors}) => void kept.set(store, {...kept.get(store), ...tensorsOf(tensors)}),
    drop: async ({store}) => void kept.delete(store),
    run: async ({session, store, feeds, fetches}) => {
      const opened = sessions.get(session)!;
      const own = (store === undefined ? undefined : kept.get(store)) ?? {};
      const inputs = tensorsOf(feeds);
      for (const name of opened.inputNames) inputs[name] ??= own[name]!;
      const outputs = await opened.run(inputs, Object.keys(fetches));
      for (const [name, {data}] of Object.entries(fetches)) data.set(outputs[name]!.data as Float32Array);
    },
    close: async ({session}) => {
      const opened = sessions.get(session)!;
      sessions.delete(session);
      await opened.release();
    },
  };
};
