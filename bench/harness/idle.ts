import {availableParallelism, loadavg} from 'node:os';

/** Why timings taken now would not be worth much; null when the machine looks idle. */
export const busyReason = (): string | null => {
  const cores = availableParallelism();
  const load = loadavg()[0] ?? 0;
  const reasons: string[] = [];
  if (load > 0.3 * cores) reasons.push(`load average ${load.toFixed(1)} on ${cores} cores`);
  const {share, spread} = calibrate();
  if (share < 0.95) reasons.push(`a loop got ${Math.round(share * 100)} % of a core`);
  if (spread > 1.2) reasons.push(`the same loop took up to ${spread.toFixed(2)} times as long`);
  return reasons.length === 0 ? null : reasons.join(', ');
};

/** A fixed loop, nine times: how much of a core it got, and how much its slowest run differs from the median. */
const calibrate = (): {share: number; spread: number} => {
  spin(); // compiled by the time it counts
  const walls: number[] = [];
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  for (let run = 0; run < 9; run++) {
    const before = performance.now();
    spin();
    walls.push(performance.now() - before);
  }
  const wall = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  walls.sort((a, b) => a - b);
  return {share: (cpu.user + cpu.system) / 1000 / wall, spread: walls[8]! / walls[4]!};
};

const spin = (): number => {
  let state = 1;
  for (let step = 0; step < 10_000_000; step++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
};
