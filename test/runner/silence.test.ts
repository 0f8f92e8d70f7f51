import {expect, test} from 'vitest';
import {Silence} from '../../src/runner/lock/silence.ts';

test('silence is counted on our own clock, from the first look and from each change, whatever times files have', () => {
  const silence = new Silence();
  const hour = 3_600_000;
  // The holder's clock is five hours behind or ahead: neither makes it dead, or alive for ever.
  for (const [name, shift] of Object.entries({behind: -5 * hour, ahead: 5 * hour})) {
    expect(silence.of(name, 1000 + shift, 100)).toBe(0);
    expect(silence.of(name, 1000 + shift, 59_100)).toBe(59_000);
    expect(silence.of(name, 16_000 + shift, 60_200)).toBe(0);
    expect(silence.of(name, 16_000 + shift, 120_300)).toBe(60_100);
  }
});
