import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {constants} from 'node:os';
import type {Socket} from 'node:net';
import type {Job} from '../../contract/executor.ts';
import {isSimpleCommand} from './simple-command.ts';
import type {Exit, OnText, StartedJob} from './started-job.ts';

/**
 * Starts shell jobs from a small shell that waits for them, one job after the other. A process as large as ours takes
 * milliseconds to fork, most of them for memory that the child never looks at; a shell takes a tenth of that. Linux only,
 * for /proc.
 */
export class ShellLauncher {
  readonly #env: NodeJS.ProcessEnv;
  readonly #idle: Shell[] = [];

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
    closeAtTheEnd(this.#idle);
  }

  /** False for a job that has to be started in another way. */
  takes({argv}: Job): boolean {
    return isLinux() && argv[0] === '/bin/sh' && argv.every(text => !text.includes('\0'));
  }

  start(job: Job, onProgressText: OnText): StartedJob {
    const at = this.#idle.findIndex(({cwd}) => cwd === job.cwd);
    const shell = at === -1 ? new Shell(job.cwd, this.#env) : this.#idle.splice(at, 1)[0]!;
    const started = shell.start(job, onProgressText);
    void started.exited.then(() => {
      if (shell.isAlive) this.#idle.push(shell);
    });
    return started;
  }
}

const idleShells: (readonly Shell[])[] = [];

/** Idle shells would end by themselves, but only after this process, and what jobs have used counts when they are waited for. */
const closeAtTheEnd = (idle: readonly Shell[]): void => {
  // One listener for all launchers of this process.
  if (idleShells.push(idle) > 1) return;
  process.once('beforeExit', () => idleShells.flat().forEach(shell => shell.close()));
};

let hasProc: boolean | undefined;
const isLinux = (): boolean => (hasProc ??= process.platform === 'linux' && existsSync('/proc/self/stat'));

interface Current {
  leader: number | undefined;
  cpuSeconds: number | undefined;
  readonly onProgressText: OnText;
  readonly settle: (exit: Exit) => void;
}

/**
 * One shell, at most one job, both in one process group, which is told from others by its id. It ends by itself when
 * this process is gone: its standard input is then closed.
 */
class Shell {
  readonly cwd: string;
  isAlive = true;
  readonly #child: ChildProcess;
  #current: Current | undefined;
  #rest = '';
  /** Of all jobs so far. */
  #cpuSeconds = 0;

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.cwd = cwd;
    this.#child = spawn('/bin/sh', ['-s'], {cwd, env, stdio: ['pipe', 'pipe', 'ignore', 'pipe'], detached: true});
    const [stdin, stdout, , progress] = this.#child.stdio as unknown as [Socket, Socket, null, Socket];
    stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    progress.setEncoding('utf8').on('data', (text: string) => this.#current?.onProgressText(text));
    for (const stream of [stdin, stdout, progress]) stream.on('error', () => {});
    stdin.write(prologue);
    const lose = (exit: Exit): void => {
      this.isAlive = false;
      this.#settle(exit);
    };
    this.#child.once('error', error => lose({code: null, signal: null, error}));
    this.#child.once('exit', (code, signal) => {
      // What ends the shell as well was meant for the job's whole group: `kill -9 0`.
      const error = signal === null ? {error: new Error(`the shell that starts jobs ended (${code})`)} : {};
      lose({code: null, signal, ...error});
    });
  }

  start(job: Job, onProgressText: OnText): StartedJob {
    this.#hold(true);
    const current: Current = {leader: undefined, cpuSeconds: undefined, onProgressText, settle: () => {}};
    const exited = new Promise<Exit>(settle => {
      this.#current = Object.assign(current, {settle});
    });
    this.#child.stdin!.write(scriptOf(job));
    const keeper = this.#child.pid;
    const group = () =>
      keeper === undefined || current.leader === undefined ? undefined : {id: keeper, keeper, leader: current.leader};
    return {group, exited, cpuSeconds: () => current.cpuSeconds};
  }

  close(): void {
    this.#child.ref();
    this.#child.stdin!.end();
  }

  /** `s <pid>` when a job has started; the shell's own times and those of its children, and `e <status>`, when it has ended. */
  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const current = this.#current;
      const value = Number(line.slice(2));
      if (line.startsWith('s ')) {
        if (current !== undefined) current.leader = value;
      } else if (line.startsWith('e ')) {
        // After what it has told of its progress, which has been written before and may be read after.
        setImmediate(() => this.#settle(exitOf(value)));
      } else if (current !== undefined) current.cpuSeconds = secondsOf(line) - this.#cpuSeconds;
    }
  }

  #settle(exit: Exit): void {
    const current = this.#current;
    this.#current = undefined;
    this.#cpuSeconds += current?.cpuSeconds ?? 0;
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

/** Of `0m0.01s 0m0.00s`, user and system time; a line of the shell's own times is followed by that of its children. */
const secondsOf = (line: string): number =>
  [...line.matchAll(/(\d+)m([\d.,]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds!.replace(',', '.')),
    0,
  );

/** A shell says 128 + n for "ended by signal n". */
const exitOf = (status: number): Exit => {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === status - 128) ?? [];
  return signal === undefined ? {code: status, signal: null} : {code: null, signal};
};

/**
 * `j LOG SCRIPT`, the script ending in `exec`. In the foreground, since a shell lets what runs behind it ignore SIGINT; in
 * a subshell that becomes the job. Signals to the group are for the job: the shell takes note of them and goes on, the
 * subshell begins without its traps. The job's pid is told by the folder that /proc/self leads to. All of it is short and without pipes
 * or other programs: a shell reads its script a byte at a time.
 */
const prologue =
  `trap : HUP INT QUIT TERM USR1 USR2;d=$PWD;` +
  `j(){ (cd -P /proc/self;echo "s \${PWD##*/}";cd "$d";unset OLDPWD;exec </dev/null >>"$1" 2>&1;eval "$2");r=$?;times;echo "e $r";}\n`;

const scriptOf = ({argv, env, logFile}: Job): string => {
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)};`);
  const [, option, text = ''] = argv;
  const isSimple = argv.length === 3 && option === '-c' && isSimpleCommand(text);
  const command = isSimple ? text.trim() : argv.map(quote).join(' ');
  return `j ${quote(logFile)} ${quote(`${variables.join('')}exec ${command}`)}\n`;
};

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
