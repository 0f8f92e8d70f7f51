import {type Alternative, clipToOne} from './samples.ts';

/** Probabilities of the values up to the observed one and from it on, and of the lowest and the highest value. */
export interface ExactTails {
  readonly less: number;
  readonly greater: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Of a distribution over 0 … length − 1 (index = value). */
export const tailsOf = (distribution: Float64Array, observed: number): ExactTails => {
  let less = 0;
  let greater = 0;
  for (let value = 0; value <= observed; value++) less += distribution[value]!;
  for (let value = distribution.length - 1; value >= observed; value--) greater += distribution[value]!;
  return {
    less,
    greater,
    lowest: distribution.find(share => share > 0) ?? 1,
    highest: distribution.findLast(share => share > 0) ?? 1,
  };
};

/**
 * The p value, and the smallest that this distribution could give. Two-sided is twice the smaller tail, which is SciPy's
 * convention also where ties make the distribution lopsided.
 */
export const exactP = (tails: ExactTails, alternative: Alternative): {p: number; smallest: number} => {
  const {less, greater, lowest, highest} = tails;
  switch (alternative) {
    case 'less':
      return {p: clipToOne(less), smallest: lowest};
    case 'greater':
      return {p: clipToOne(greater), smallest: highest};
    case 'two-sided':
      return {p: clipToOne(2 * Math.min(less, greater)), smallest: clipToOne(2 * Math.min(lowest, highest))};
  }
};
