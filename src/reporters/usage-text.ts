import type {JobUsage} from '../contract/executor.ts';
import {formatDuration} from './duration.ts';

/** `12.3 s, CPU 20.1 s, 340 MB`: what is not known is left out. */
export const usageText = ({seconds, cpuSeconds, peakMemoryMb}: JobUsage): string =>
  [
    formatDuration(seconds),
    ...(cpuSeconds === undefined ? [] : [`CPU ${formatDuration(cpuSeconds)}`]),
    ...(peakMemoryMb === undefined ? [] : [formatMegabytes(peakMemoryMb)]),
  ].join(', ');

/** Of memory: `85 MB`, `1.3 GB`. */
export const formatMegabytes = (megabytes: number): string =>
  megabytes < 1000 ? `${Math.max(1, Math.round(megabytes))} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
