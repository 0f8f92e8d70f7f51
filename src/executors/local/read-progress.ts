import type {Readable, Writable} from 'node:stream';
import type {JobUsage} from '../../contract/executor.ts';
import type {Progress} from '../../contract/stage.ts';

/** A job that writes without line breaks must not fill the memory. */
const longestLine = 1 << 16;

/** Reads a worker's progress lines, and its last one, `{"usage": {…}}`. Lines that are neither are ignored. */
export const readProgress = (
  stream: Readable | Writable | null | undefined,
  onProgress: ((update: Progress) => void) | undefined,
  onUsage: (usage: Pick<JobUsage, 'peakMemoryMb' | 'cpuSeconds'>) => void,
): void => {
  if (stream === null || stream === undefined || !('setEncoding' in stream)) return;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('error', () => {});
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) {
      const value = parse(line);
      if (typeof value !== 'object' || value === null) continue;
      if ('usage' in value) onUsage(value.usage as Pick<JobUsage, 'peakMemoryMb' | 'cpuSeconds'>);
      else if (isProgress(value)) onProgress?.(value);
    }
  });
};

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};

const isProgress = (value: object): value is Progress => {
  const {done, total, unit} = value as Partial<Progress>;
  return typeof done === 'number' && typeof total === 'number' && typeof unit === 'string';
};
