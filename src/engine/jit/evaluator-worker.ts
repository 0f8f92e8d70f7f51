/**
 * What the evaluator's thread runs: CommonJS text, because a thread started from text needs no file, and so works alike from
 * the sources, from dist/ and from a bundle. Each request is answered in turn; `done` counts the answers, for a caller that
 * sleeps until its own has come.
 */
export const evaluatorWorker = `
const {workerData} = require('node:worker_threads');
const {port, done, runtime, options} = workerData;

const evaluate = async ({model, feeds}) => {
  const ort = require(runtime);
  const session = await ort.InferenceSession.create(model, options);
  try {
    const inputs = {};
    for (const [name, {dtype, shape, data}] of Object.entries(feeds)) inputs[name] = new ort.Tensor(dtype, data, shape);
    const results = await session.run(inputs);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data]));
  } finally {
    await session.release();
  }
};

let last = Promise.resolve();
port.on('message', request => {
  last = last
    .then(() => evaluate(request))
    .then(outputs => ({outputs}), error => ({error: String((error && error.message) || error)}))
    .then(answer => {
      port.postMessage({id: request.id, ...answer});
      Atomics.add(done, 0, 1);
      Atomics.notify(done, 0);
    });
});
`;
