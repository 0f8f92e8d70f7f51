import * as tf from '@tensorflow/tfjs-core';
import type {ModelContext} from '../engine/types.ts';

/** One LSTM layer whose directions run side by side as a stack of two; gates in ONNX's order: i, o, f, g. */
export interface LstmWeights {
  /** [direction, dim, 4·hidden] */
  readonly kernel: tf.Tensor3D;
  /** [direction, hidden, 4·hidden] */
  readonly recurrent: tf.Tensor3D;
  /** [direction, 4·hidden] */
  readonly bias: tf.Tensor2D;
}

/** What one token's forward step leaves for its backward step; all [direction, batch, hidden]. */
interface Gates {
  /** Forget gate: what of dc goes on to the token before. */
  readonly f: tf.Tensor;
  /** ∂h/∂c = o·(1 − tanh² c) */
  readonly slope: tf.Tensor;
  /** [direction, batch, 4·hidden]: dz = [dc, dh, dc, dc] · factors */
  readonly factors: tf.Tensor;
}

const gateNames = ['f', 'slope', 'factors'] as const;

/** Hochreiter and Schmidhuber 1997 with Gers's forget gate: c = f·c₋ + i·g, h = o·tanh c; z = x·kernel + h₋·recurrent + bias. */
const forward = (
  x: tf.Tensor,
  {kernel, recurrent, bias}: LstmWeights,
  withGradient: boolean,
): {states: tf.Tensor; gates: Gates[]} => {
  const [directions, tokens, batch, dim] = x.shape as [number, number, number, number];
  const hidden = recurrent.shape[1];
  // The inputs of all tokens in one product: [direction, token·batch, 4·hidden].
  const flat = tf.reshape(x, [directions, tokens * batch, dim]);
  const projected = tf.add(tf.matMul(flat, kernel), tf.reshape(bias, [directions, 1, 4 * hidden]));
  // Rows of one token lie together: cut there, and no token needs a reshape of its own.
  const inputs = tf.split(projected, tokens, 1);
  const gates: Gates[] = [];
  const hs: tf.Tensor[] = [];
  let c: tf.Tensor | null = null;
  for (const own of inputs) {
    const z = c ? tf.add(own, tf.matMul(hs.at(-1)!, recurrent)) : own;
    const [squashed, candidate] = tf.split(z, [3 * hidden, hidden], 2) as [tf.Tensor, tf.Tensor];
    const sigmoids = tf.sigmoid(squashed);
    const g = tf.tanh(candidate);
    const [i, o, f] = tf.split(sigmoids, 3, 2) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const added = tf.mul(i, g);
    const kept: tf.Tensor = c ? tf.mul(f, c) : tf.zerosLike(added);
    c = tf.add(kept, added);
    const tanhC = tf.tanh(c);
    const h = tf.mul(o, tanhC);
    hs.push(h);
    if (!withGradient) continue;
    // Products that the forward step has anyway: i·g = added, o·tanh c = h, f·c₋ = kept.
    const ofSigmoids = tf.mul(tf.concat([added, h, kept], 2), tf.sub(1, sigmoids));
    const factors = tf.concat([ofSigmoids, tf.sub(i, tf.mul(added, g))], 2);
    gates.push({f, slope: tf.sub(o, tf.mul(h, tanhC)), factors});
  }
  return {states: tf.reshape(tf.concat(hs, 1), [directions, tokens, batch, hidden]), gates};
};

interface Saved {
  readonly gates: readonly Gates[];
  readonly states: tf.Tensor;
  readonly x: tf.Tensor;
  readonly kernel: tf.Tensor;
  readonly recurrent: tf.Tensor;
}

/** Gradients by x, kernel, recurrent and bias, from the last token to the first. dStates: [direction, token, batch, hidden] */
const backward = (dStates: tf.Tensor, {gates, states, x, kernel, recurrent}: Saved): tf.Tensor[] => {
  const [directions, tokens, batch, hidden] = states.shape as [number, number, number, number];
  const dim = x.shape.at(-1)!;
  const rows = tokens * batch;
  const given = tf.split(tf.reshape(dStates, [directions, rows, hidden]), tokens, 1);
  const dzs: tf.Tensor[] = [];
  let fromNext: {dh: tf.Tensor; dc: tf.Tensor} | null = null;
  for (let token = tokens - 1; token >= 0; token--) {
    const {f, slope, factors} = gates[token]!;
    const dh: tf.Tensor = fromNext ? tf.add(given[token]!, fromNext.dh) : given[token]!;
    const through = tf.mul(dh, slope);
    const dc: tf.Tensor = fromNext ? tf.add(fromNext.dc, through) : through;
    const dz = tf.mul(tf.concat([dc, dh, dc, dc], 2), factors);
    dzs.unshift(dz);
    if (token > 0) fromNext = {dh: tf.matMul(dz, recurrent, false, true), dc: tf.mul(dc, f)};
  }
  // Products over all tokens at once; a state of zeros before the first token keeps rows of h₋ and dz in step.
  const dz = tf.concat(dzs, 1);
  const earlier = tf.slice(tf.reshape(states, [directions, rows, hidden]), 0, [directions, rows - batch, hidden]);
  const before = tf.concat([tf.zeros([directions, batch, hidden]), earlier], 1);
  return [
    tf.reshape(tf.matMul(dz, kernel, false, true), x.shape),
    tf.matMul(tf.reshape(x, [directions, rows, dim]), dz, true, false),
    tf.matMul(before, dz, true, false),
    tf.sum(dz, 1),
  ];
};

/**
 * States of all tokens [direction, token, batch, hidden] from x [direction, token, batch, dim]. Every direction reads its
 * tokens in the order given: for the backward one the caller reverses sentences, not the padding.
 */
export const lstmStates = (x: tf.Tensor4D, weights: LstmWeights, ctx: ModelContext): tf.Tensor4D => {
  if (ctx.nativeLstm) {
    const native = ctx.nativeLstm;
    const [kernels, recurrents, biases] = [
      tf.unstack(weights.kernel),
      tf.unstack(weights.recurrent),
      tf.unstack(weights.bias),
    ];
    const directions = tf.unstack(x).map((steps, at) => native(steps, kernels[at]!, recurrents[at]!, biases[at]!));
    return tf.stack(directions) as tf.Tensor4D;
  }
  if (!ctx.training) return forward(x, weights, false).states as tf.Tensor4D;
  // A gradient written by hand needs a third of the operations that the tape's would: products of all tokens are one.
  const run = tf.customGrad((...args) => {
    const [input, kernel, recurrent, bias, save] = args as unknown as [
      tf.Tensor, tf.Tensor3D, tf.Tensor3D, tf.Tensor2D, tf.GradSaveFunc,
    ]; // prettier-ignore
    const {states, gates} = forward(input, {kernel, recurrent, bias}, true);
    save([...gates.flatMap(gate => gateNames.map(name => gate[name])), states, input, kernel, recurrent]);
    const gradFunc = (dStates: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const at = gateNames.length * gates.length;
      const [savedStates, savedX, savedKernel, savedRecurrent] = saved.slice(at) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]; // prettier-ignore
      const savedGates = gates.map((_, token) => {
        const own = saved.slice(token * gateNames.length, (token + 1) * gateNames.length);
        return Object.fromEntries(gateNames.map((name, index) => [name, own[index]!])) as unknown as Gates;
      });
      return backward(dStates, {gates: savedGates, states: savedStates, x: savedX, kernel: savedKernel, recurrent: savedRecurrent}); // prettier-ignore
    };
    return {value: states, gradFunc};
  });
  return run(x, weights.kernel, weights.recurrent, weights.bias) as tf.Tensor4D;
};
