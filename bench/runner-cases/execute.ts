import {execFile} from 'node:child_process';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A status command says by its exit code that something is stale. */
  readonly mayFail?: boolean;
}

export interface Usage {
  /** Of the process and of all that it has waited for. */
  readonly cpuSeconds: number;
  /** Of its largest process. */
  readonly peakMemoryMb: number;
}

export const execute = ({argv: [program, ...args], cwd, env, mayFail}: Command): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = {cwd, env: {...process.env, ...env}, timeout: 300_000, maxBuffer: 1 << 28};
    execFile(program!, args, options, (error, _stdout, stderr) => {
      if (error === null || (mayFail === true && error.code !== 'ENOENT' && !error.killed)) return resolve();
      const said = stderr.trim().split('\n').slice(-3).join(' / ') || error.message;
      reject(new Error(`${path.basename(program!)} failed: ${said}`));
    });
  });

const time = '/usr/bin/time';

/** Runs it under GNU time, which adds a millisecond; null, and without it, where that is not installed. */
export const executeMeasured = async (command: Command): Promise<Usage | null> => {
  if (!existsSync(time)) {
    await execute(command);
    return null;
  }
  const file = path.join(tmpdir(), `bench-usage-${process.pid}`);
  try {
    await execute({...command, argv: [time, '-f', '%U %S %M', '-o', file, ...command.argv]});
    // A command that fails is told in a line before.
    const [user, system, kilobytes] = readFileSync(file, 'utf8').trim().split('\n').at(-1)!.split(' ').map(Number);
    return {cpuSeconds: user! + system!, peakMemoryMb: kilobytes! / 1024};
  } finally {
    rmSync(file, {force: true});
  }
};
