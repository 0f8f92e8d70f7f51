import type {Random} from './random.ts';
import type {Numbers} from './ranks.ts';
import {checkPaired} from './samples.ts';

/**
 * Returns a function that draws with replacement from each sample, into the same buffers each time.
 *
 * @param paired the same positions from all samples (which then have one length)
 */
export const createResampler = (
  samples: readonly Numbers[],
  random: Random,
  paired: boolean,
): (() => Float64Array[]) => {
  if (paired) for (const sample of samples) checkPaired(samples[0]!, sample);
  const sources = samples.map(sample => Float64Array.from(sample));
  const buffers = sources.map(sample => new Float64Array(sample.length));
  const indices = sources.map(sample => new Int32Array(sample.length));
  return () => {
    for (let which = 0; which < sources.length; which++) {
      const index = indices[paired ? 0 : which]!;
      if (which === 0 || !paired) random.integers(index, index.length);
      const [source, buffer] = [sources[which]!, buffers[which]!];
      for (let at = 0; at < buffer.length; at++) buffer[at] = source[index[at]!]!;
    }
    return buffers;
  };
};
