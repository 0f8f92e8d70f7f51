import {sessionWork} from './session-work.ts';

/**
 * What the thread of the sessions runs: text, because a thread started from text needs no file, and so works alike from the
 * sources, from dist/ and from a bundle. Neither `require` nor `import`, because a process started with --input-type=module
 * has the first one only in files, and others have the second one only there. Requests are
 * answered in turn.
 */
export const sessionWorker = `
const {parentPort, workerData} = process.getBuiltinModule('node:worker_threads');
const {createRequire} = process.getBuiltinModule('node:module');
const work = (${sessionWork.toString()})(createRequire(workerData.runtime)(workerData.runtime));

let last = Promise.resolve();
parentPort.on('message', ({id, kind, request}) => {
  last = last
    .then(() => work[kind](request))
    .then(result => ({result}), error => ({error: String((error && error.message) || error)}))
    .then(answer => parentPort.postMessage({id, ...answer}));
});
`;
