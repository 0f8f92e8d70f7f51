import type {Tolerance} from '../../contract/stage.ts';

/** Counts how two sets of numbers differ, one pair after the other. */
export interface NumberCheck {
  add(was: number, now: number, where: () => string): void;
  /** Pairs that are not equal. */
  readonly differing: number;
  /** Of these, those that the tolerance does not allow. */
  readonly beyond: number;
  /** |now − was| / |was|, the largest; a number that was 0 counts by its absolute difference. */
  readonly largest: number;
  /** In words: the first one that is beyond, and how many more. */
  text(): string;
}

export const createNumberCheck = (tolerance: Tolerance | null): NumberCheck => {
  const {relative, absolute} = tolerance ?? {relative: 0, absolute: 0};
  let [differing, beyond, largest] = [0, 0, 0];
  let first = '';
  return {
    add(was, now, where) {
      // NaN is the same as NaN here: it was written both times.
      if (Object.is(was, now) || was === now) return;
      differing++;
      const distance = Math.abs(now - was);
      const share = was === 0 ? distance : distance / Math.abs(was);
      if (!(share <= largest)) largest = Number.isNaN(share) ? Infinity : share;
      if (distance <= absolute + relative * Math.abs(was)) return;
      beyond++;
      if (first === '') first = `${where()}: ${was} → ${now}`;
    },
    get differing() {
      return differing;
    },
    get beyond() {
      return beyond;
    },
    get largest() {
      return largest;
    },
    text: () =>
      `${first}${beyond > 1 ? `, and ${beyond - 1} more numbers` : ''} (relative difference up to ${largest.toPrecision(2)})`,
  };
};
