import {fileURLToPath} from 'node:url';

/** Frames of TensorFlow.js, of this engine and of Node itself: never where a model's author looks. */
const ours = /@tensorflow|src[\\/]engine[\\/]|node:internal|^native$|<anonymous>$/;

/** `, at /path/model.ts:12:5`: the innermost line on the stack that is a model's or a loss's; empty where there is none. */
export const callerLine = (): string => {
  const limit = Error.stackTraceLimit;
  // A kernel is called some twenty frames below the line that asked for it, more inside gradients.
  Error.stackTraceLimit = 200;
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  for (const frame of frames) {
    const place = /\(([^()]+:\d+:\d+)\)$|at (?:async )?([^() ]+:\d+:\d+)$/.exec(frame);
    const found = place?.[1] ?? place?.[2];
    if (!found || ours.test(found)) continue;
    return `, at ${found.startsWith('file:') ? fileURLToPath(found.replace(/:\d+:\d+$/, '')) + /:\d+:\d+$/.exec(found)![0] : found}`;
  }
  return '';
};
