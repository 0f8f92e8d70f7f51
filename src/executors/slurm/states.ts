import {callSlurm} from './call.ts';

/** What Slurm says of one job or one element of an array. */
export interface SlurmState {
  /** `12` or `12_3`. */
  readonly id: string;
  readonly name: string;
  /** `PENDING`, `RUNNING`, `TIMEOUT`, … */
  readonly state: string;
  /** Why it is in that state: `PartitionTimeLimit`. */
  readonly reason: string;
}

/** By id. */
export type SlurmStates = ReadonlyMap<string, SlurmState>;

const underWay = new Set([
  ...['PENDING', 'CONFIGURING', 'RUNNING', 'COMPLETING', 'SUSPENDED', 'STOPPED', 'SIGNALING', 'STAGE_OUT'],
  ...['REQUEUED', 'REQUEUE_HOLD', 'REQUEUE_FED', 'SPECIAL_EXIT', 'RESV_DEL_HOLD', 'RESIZING'],
]);

export const isUnderWay = ({state}: SlurmState): boolean => underWay.has(state);

/** Every job of this user that Slurm still remembers; null when it does not answer. */
export const queryStates = async (): Promise<SlurmStates | null> => {
  const {code, stdout} = await callSlurm('squeue', ['--me', '-h', '-r', '-t', 'all', '-o', '%i|%T|%r|%j']);
  if (code !== 0) return null;
  return new Map(
    stdout.split('\n').flatMap((line): [string, SlurmState][] => {
      const [id, state, reason, ...name] = line.trim().split('|');
      return id === undefined || state === undefined || id === ''
        ? []
        : [[id, {id, state, reason: reason ?? '', name: name.join('|')}]];
    }),
  );
};

/** Set once it has said that this cluster keeps no accounts. */
let hasAccounting = true;

/** What the accounting database knows of a job that the controller has forgotten; null where there is none. */
export const queryAccounting = async (id: string): Promise<SlurmState | null> => {
  if (!hasAccounting) return null;
  // Of all times: what the cluster's clock calls an hour ago may lie ahead of this machine's.
  const window = ['-S', '1970-01-02', '-E', '2100-01-01'];
  const {code, stdout, stderr} = await callSlurm('sacct', ['-n', '-X', '-P', ...window, '-j', id, '-o', 'JobID,State']);
  if (code === null || /accounting storage is disabled/i.test(stderr)) hasAccounting = false;
  for (const line of code === 0 ? stdout.split('\n') : []) {
    const [found, state = ''] = line.split('|');
    // `CANCELLED by 1000`
    const known = {id, state: state.split(' ')[0]!, reason: '', name: ''};
    // One that it believes to run, and that the controller does not know, has ended without a word.
    if (found === id && state !== '') return isUnderWay(known) ? null : known;
  }
  return null;
};
