import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {stopOnSignals} from '../../src/commands/stop-on-signals.ts';

test('a signal that has come is not lost when the command listens again before it is told', async () => {
  const told: string[] = [];
  const stopping = stopOnSignals({onFirst: name => told.push(name), onSecond: () => told.push('second')});
  try {
    stopping.listen();
    process.kill(process.pid, 'SIGHUP');
    // As each event of a run does it; the signal has not reached JavaScript yet.
    stopping.listen();
    expect(told).toEqual([]);
    await sleep(100);
    expect(told).toEqual(['SIGHUP']);
    expect(stopping.signal.aborted).toBe(true);
    process.kill(process.pid, 'SIGHUP');
    stopping.listen();
    await sleep(100);
    expect(told).toEqual(['SIGHUP', 'second']);
  } finally {
    stopping.forget();
  }
  expect(process.listenerCount('SIGHUP')).toBe(0);
});
