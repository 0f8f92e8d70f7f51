import type {JobUsage} from '../../contract/executor.ts';
import type {Progress} from '../../contract/stage.ts';
import type {OnText} from './started-job.ts';

/** A job that writes without line breaks must not fill the memory. */
const longestLine = 1 << 16;

/** Takes what a worker writes about its progress, and its last line, `{"usage": {…}}`; lines that are neither are ignored. */
export const progressReader = (
  onProgress: ((update: Progress) => void) | undefined,
  onUsage: (usage: Pick<JobUsage, 'peakMemoryMb' | 'cpuSeconds'>) => void,
): OnText => {
  let rest = '';
  return text => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) {
      const value = parse(line);
      if (typeof value !== 'object' || value === null) continue;
      if ('usage' in value) onUsage(value.usage as Pick<JobUsage, 'peakMemoryMb' | 'cpuSeconds'>);
      else if (isProgress(value)) onProgress?.(value);
    }
  };
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
