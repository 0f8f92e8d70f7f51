/** What one job may use while it runs; the scheduler keeps the sum of all running jobs within the machine. */
export interface Resources {
  readonly cpus: number;
  readonly memoryMb: number;
  readonly gpus: number;
  readonly minutes: number;
}

export const defaultResources: Resources = {cpus: 1, memoryMb: 1000, gpus: 0, minutes: 24 * 60};

/** How a cluster's scheduler is asked for room; what is absent is the cluster's own default. Never part of a key. */
export interface ClusterSettings {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  /** Lines of bash that run on the node before the job: `module load nodejs`. */
  readonly prologue?: string;
  /** Further options of the scheduler's submit command, as they are: `--constraint=avx2`. */
  readonly options?: readonly string[];
  /** How long a result may take to appear in the shared folder after its job has ended; default 60. */
  readonly patienceSeconds?: number;
}
