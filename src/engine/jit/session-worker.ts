/**
 * What the thread of the sessions runs: text, because a thread started from text needs no file, and so works alike from the
 * sources, from dist/ and from a bundle. Neither `require` nor `import`, because a process started with --input-type=module
 * has the first one only in files, and others have the second one only there. Requests are answered in turn. Arrays that came with a request go back
 * with its answer, whatever happened.
 */
export const sessionWorker = `
const {parentPort, workerData} = process.getBuiltinModule('node:worker_threads');
const {createRequire} = process.getBuiltinModule('node:module');
const ort = createRequire(workerData.runtime)(workerData.runtime);

const sessions = new Map();
const kept = new Map();
const tensorOf = ({dtype, shape, data}) => new ort.Tensor(dtype, data, shape);
const tensorsOf = tensors => Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensorOf(tensor)]));

const work = {
  open: async ({session, model, options}) => {
    const opened = await ort.InferenceSession.create(model, options);
    sessions.set(session, opened);
    return [...opened.inputNames];
  },
  keep: async ({store, tensors}) => {
    kept.set(store, {...kept.get(store), ...tensorsOf(tensors)});
  },
  drop: async ({store}) => {
    kept.delete(store);
  },
  run: async ({session, store, lent: {feeds, fetches}}) => {
    const opened = sessions.get(session);
    const own = kept.get(store) || {};
    const inputs = tensorsOf(feeds);
    for (const name of opened.inputNames) if (!inputs[name]) inputs[name] = own[name];
    await opened.run(inputs, tensorsOf(fetches));
  },
  close: async ({session}) => {
    const opened = sessions.get(session);
    sessions.delete(session);
    await opened.release();
  },
};

const buffersOf = lent => Object.values(lent).flatMap(tensors => Object.values(tensors).map(({data}) => data.buffer));
let last = Promise.resolve();
parentPort.on('message', request => {
  last = last
    .then(() => work[request.kind](request))
    .then(result => ({result}), error => ({error: String((error && error.message) || error)}))
    .then(answer => {
      const {id, lent = {}} = request;
      parentPort.postMessage({id, lent, ...answer}, buffersOf(lent));
    });
});
`;
