import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {constants} from 'node:os';
import type {Socket} from 'node:net';
import type {Job} from '../../contract/executor.ts';
import type {Exit, OnText, StartedJob} from './started-job.ts';

/**
 * Starts shell jobs from a small shell that waits for them, one job after the other. A process as large as ours takes
 * milliseconds to fork, most of them for memory that the child never looks at; a shell takes a tenth of that. Linux only,
 * for `setsid` and /proc.
 */
export class ShellLauncher {
  readonly #env: NodeJS.ProcessEnv;
  readonly #idle: Shell[] = [];

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
    // They would end by themselves, but only after this process, and what jobs have used counts when they are waited for.
    process.once('beforeExit', () => this.#idle.forEach(shell => shell.close()));
  }

  /** False for a job that has to be started in another way. */
  takes({argv}: Job): boolean {
    return findSetsid() !== null && argv[0] === '/bin/sh' && argv.every(text => !text.includes('\0'));
  }

  start(job: Job, onProgressText: OnText): StartedJob {
    const at = this.#idle.findIndex(({cwd}) => cwd === job.cwd);
    const shell = at === -1 ? new Shell(job.cwd, this.#env) : this.#idle.splice(at, 1)[0]!;
    const started = shell.start(job, onProgressText);
    void started.exited.then(({error}) => {
      if (error === undefined) this.#idle.push(shell);
    });
    return started;
  }
}

let setsid: string | null | undefined;

/** The program that gives a job its own session; null where jobs cannot be started in this way. */
const findSetsid = (): string | null =>
  (setsid ??=
    process.platform === 'linux' && existsSync('/proc/self/stat')
      ? (['/usr/bin/setsid', '/bin/setsid'].find(file => existsSync(file)) ?? null)
      : null);

interface Current {
  pid: number | undefined;
  readonly onProgressText: OnText;
  readonly settle: (exit: Exit) => void;
}

/** One shell, at most one job. It ends by itself when this process is gone: its standard input is then closed. */
class Shell {
  readonly cwd: string;
  readonly #child: ChildProcess;
  #current: Current | undefined;
  #rest = '';

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.cwd = cwd;
    this.#child = spawn('/bin/sh', ['-s'], {cwd, env, stdio: ['pipe', 'pipe', 'ignore', 'pipe'], detached: true});
    const [stdin, stdout, , progress] = this.#child.stdio as unknown as [Socket, Socket, null, Socket];
    stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    progress.setEncoding('utf8').on('data', (text: string) => this.#current?.onProgressText(text));
    for (const stream of [stdin, stdout, progress]) stream.on('error', () => {});
    stdin.write(prologue(findSetsid() ?? ''));
    const lose = (error: Error): void => this.#settle({code: null, signal: null, error});
    this.#child.once('error', lose);
    this.#child.once('exit', () => lose(new Error('the shell that starts jobs was ended')));
  }

  start(job: Job, onProgressText: OnText): StartedJob {
    this.#hold(true);
    const current: Current = {pid: undefined, onProgressText, settle: () => {}};
    const exited = new Promise<Exit>(settle => {
      this.#current = Object.assign(current, {settle});
    });
    this.#child.stdin!.write(scriptOf(job));
    return {pid: () => current.pid, exited};
  }

  close(): void {
    this.#child.ref();
    this.#child.stdin!.end();
  }

  /** `s <pid>` when a job has started, `e <status>` when it has ended. */
  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = Number(line.slice(2));
      if (line.startsWith('s ')) {
        if (this.#current !== undefined) this.#current.pid = value;
      } else {
        // After what it has told of its progress, which has been written before and may be read after.
        setImmediate(() => this.#settle(exitOf(value)));
      }
    }
  }

  #settle(exit: Exit): void {
    const current = this.#current;
    this.#current = undefined;
    this.#hold(false);
    current?.settle(exit);
  }

  /** An idle shell must not keep this process running. */
  #hold(isHeld: boolean): void {
    for (const each of [this.#child, ...this.#child.stdio]) {
      const held = each as Pick<Socket, 'ref' | 'unref'> | null;
      if (isHeld) held?.ref();
      else held?.unref();
    }
  }
}

/** A shell says 128 + n for "ended by signal n". */
const exitOf = (status: number): Exit => {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === status - 128) ?? [];
  return signal === undefined ? {code: status, signal: null} : {code: null, signal};
};

/**
 * `j LOG VARIABLES ARGV…`. In the foreground, since a shell lets what runs behind it ignore SIGINT; in a subshell that
 * becomes the job, in a session of its own. Its pid is told by the folder that /proc/self leads to. All of it is
 * short and without pipes or other programs: a shell reads its script a byte at a time.
 */
const prologue = (setsid: string): string =>
  `d=$PWD;j(){ (cd -P /proc/self;echo "s \${PWD##*/}";cd "$d";exec </dev/null >>"$1" 2>&1;eval "$2";shift 2;exec ${setsid} "$@");echo "e $?";}\n`;

const scriptOf = ({argv, env, logFile}: Job): string => {
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)};`);
  return `j ${[logFile, variables.join(''), ...argv].map(quote).join(' ')}\n`;
};

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
