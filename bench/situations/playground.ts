import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import type {DagStage, RunnerPeer} from '../runners/runner-peer.ts';

/** `waits`, `fails`: the second stage has written half by then; `waits-first`: the first stage waits, before it writes. */
export type Manner = 'plain' | 'waits' | 'waits-first' | 'fails';

const timeoutMs = 180_000;

/** `a` sorts in.txt, `b` turns that into capitals; each appends its name to a journal when it really runs. */
export class Playground {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'bench-situations-'));
  readonly #peer: RunnerPeer;
  readonly #programs: readonly string[];
  readonly #children = new Set<ChildProcess>();

  constructor(peer: RunnerPeer, programs: readonly string[]) {
    this.#peer = peer;
    this.#programs = programs;
    for (const name of ['in', 'out']) mkdirSync(this.path(name));
    this.write('in/0.txt', 'b\na\n');
    this.write('wait.sh', 'echo $$ > pid\nfor i in $(seq 600); do test -f gate && exit 0; sleep 0.1; done\n');
    this.write('fail.sh', 'test -f gate\n');
  }

  /** Writes the pipeline in the language of the tool; called once, and again to edit it. */
  declare(manner: Manner = 'plain', sort = 'sort -u in/0.txt'): void {
    const half = {
      plain: '',
      'waits-first': '',
      waits: `echo half > ${this.b} && sh wait.sh && `,
      fails: `echo half > ${this.b} && sh fail.sh && `,
    };
    const first = manner === 'waits-first' ? 'sh wait.sh && ' : '';
    const stages: DagStage[] = [
      {
        name: 'a',
        input: 'in/0.txt',
        needs: null,
        output: this.a,
        command: `echo a >> journal && ${first}${sort} > ${this.a}`,
      },
      {
        name: 'b',
        input: this.a,
        needs: 'a',
        output: this.b,
        command: `echo b >> journal && ${half[manner]}tr a-z A-Z < ${this.a} > ${this.b}`,
      },
    ];
    this.#peer.write(this.folder, {stages, inputs: ['in/0.txt']}, this.#programs);
  }

  get a(): string {
    return this.#peer.outputOf?.('a') ?? 'out/a.txt';
  }

  get b(): string {
    return this.#peer.outputOf?.('b') ?? 'out/b.txt';
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  read(name: string): string {
    return existsSync(this.path(name)) ? readFileSync(this.path(name), 'utf8') : '';
  }

  remove(name: string): void {
    rmSync(this.path(name), {force: true});
  }

  start(): {readonly child: ChildProcess; readonly code: Promise<number | null>} {
    const [program, ...args] = this.#peer.run(this.#programs);
    const env = {...process.env, ...this.#peer.env};
    const child = spawn(program!, args, {cwd: this.folder, env, stdio: 'ignore', detached: true});
    this.#children.add(child);
    const timer = setTimeout(() => kill(child), timeoutMs);
    const code = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    }).finally(() => {
      clearTimeout(timer);
      this.#children.delete(child);
    });
    return {child, code};
  }

  /** Runs to the end; what has really run, in the order in which it started, and the exit code. */
  async run(): Promise<{readonly ran: string; readonly code: number | null}> {
    // Later than the last write by more than a tick of any clock: these situations are not about that.
    await wait(1100);
    this.remove('journal');
    const code = await this.start().code;
    return {ran: this.ran, code};
  }

  get ran(): string {
    return this.read('journal').trim().split('\n').join(' ');
  }

  async until(isTrue: () => boolean): Promise<void> {
    for (const deadline = Date.now() + timeoutMs; !isTrue(); await wait(20)) {
      if (Date.now() > deadline) throw new Error('the stage did not start');
    }
  }

  /** SIGKILL to the runner with all that it has started. */
  killAll(child: ChildProcess): void {
    kill(child);
    const pid = Number(this.read('pid'));
    try {
      // Where a tool gives its stages a group of their own.
      if (pid > 1) process.kill(pid, 'SIGKILL');
    } catch {
      // It was in the runner's.
    }
  }

  close(): void {
    for (const child of this.#children) kill(child);
    rmSync(this.folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 200});
  }
}

const kill = ({pid}: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};
