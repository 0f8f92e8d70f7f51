/** What one job may use while it runs; the scheduler keeps the sum of all running jobs within the machine. */
export interface Resources {
  readonly cpus: number;
  readonly memoryMb: number;
  readonly gpus: number;
  readonly minutes: number;
}

export const defaultResources: Resources = {cpus: 1, memoryMb: 1000, gpus: 0, minutes: 24 * 60};
