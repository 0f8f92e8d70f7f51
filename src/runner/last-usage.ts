import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {JobUsage} from '../contract/executor.ts';
import type {Project} from './project.ts';
import {fileNameOf} from './state/paths.ts';

/** What the instance took when it last ran here to its end: seconds, and CPU seconds and memory where they were seen. */
export const lastUsage = ({paths}: Pick<Project, 'paths'>, id: string): JobUsage | undefined => {
  const file = path.join(paths.last, `${fileNameOf(id)}.json`);
  if (!existsSync(file)) return undefined;
  try {
    const text = readFileSync(file, 'utf8');
    const {seconds, cpuSeconds, peakMemoryMb} = JSON.parse(text) as Partial<Record<keyof JobUsage, unknown>>;
    if (typeof seconds !== 'number') return undefined;
    return {
      seconds,
      ...(typeof cpuSeconds === 'number' ? {cpuSeconds} : {}),
      ...(typeof peakMemoryMb === 'number' ? {peakMemoryMb} : {}),
    };
  } catch {
    return undefined;
  }
};
