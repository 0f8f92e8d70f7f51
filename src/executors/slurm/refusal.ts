import {callSlurm} from './call.ts';
import type {SlurmState} from './states.ts';

/** What passes by itself: a full queue, a limit of jobs at once, a controller that restarts. */
const passing =
  /temporarily unable|resource temporarily unavailable|socket timed out|unable to contact slurm|connection (refused|timed out)|zero bytes were transmitted|MaxSubmitJob|SubmitLimit|job submit limit|too many (pending )?jobs|try again/i;

export const isPassing = (message: string): boolean => passing.test(message);

/** Why sbatch refused, in its own words, and what the user can do about it. */
export const refusalText = async (message: string, partition: string | undefined): Promise<string> => {
  const advice = await adviceFor(message, partition);
  return `Slurm refused it: ${message.split('\n')[0] ?? ''}${advice === null ? '' : `\n${advice}`}`;
};

/** Where sbatch takes what the partition will never start: on clusters that do not enforce their limits at once. */
const hopeless: Readonly<Record<string, string>> = {
  PartitionTimeLimit: 'it asks for a longer time limit than the partition has',
  PartitionNodeLimit: 'the requested node count is not available in the partition',
  BadConstraints: 'no node fits: requested node configuration is not available',
  InvalidAccount: 'invalid account',
  InvalidQOS: 'invalid qos',
};

/** Waits in the queue for a reason that no waiting ends. */
export const isHopeless = ({state, reason}: SlurmState): boolean => state === 'PENDING' && reason in hopeless;

export const hopelessText = ({reason}: SlurmState, partition: string | undefined): Promise<string> =>
  refusalText(`${hopeless[reason] ?? ''} (${reason})`, partition);

const adviceFor = async (message: string, partition: string | undefined): Promise<string | null> => {
  if (/partition/i.test(message) && !/time limit|node/i.test(message)) {
    const {code, stdout} = await callSlurm('sinfo', ['-h', '-o', '%R']);
    const names = [...new Set(stdout.split('\n').filter(name => name !== ''))];
    const known = code === 0 && names.length > 0 ? ` This cluster has: ${names.join(', ')}.` : '';
    return `Correct \`cluster: {partition: ${partition ?? 'NAME'}}\` in the pipeline file.${known}`;
  }
  if (/time limit/i.test(message))
    return 'Lower `resources: {minutes: …}` (default: a day) or `timeoutMinutes` of the stage, or take another partition; `sinfo -o "%R %l"` lists their limits.';
  if (/node (configuration|count)|CPU count|memory|gres|gpu|requested node/i.test(message))
    return 'No node has that much: lower `resources` of the stage (cpus, memoryMb, gpus), or take another partition; `sinfo -o "%R %c %m %G"` lists what they have.';
  if (/account|qos|association/i.test(message))
    return 'Give `cluster: {account: …, qos: …}` in the pipeline file; `sacctmgr show associations user=$USER` lists yours.';
  return null;
};
