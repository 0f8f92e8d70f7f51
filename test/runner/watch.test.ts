import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {UserError} from '../../src/commands/user-error.ts';
import {watch} from '../../src/commands/watch.ts';
import {openProject, type Project} from '../../src/runner/project.ts';

/** Watches a pipeline of one stage; `edit` is called while it is opened again, the n-th time with n. */
const namesRun = async (edit: (write: (stage: string) => void, time: number) => void): Promise<string[]> => {
  const root = mkdtempSync(path.join(tmpdir(), 'watch-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const write = (stage: string): void =>
    writeFileSync(path.join(root, 'pipeline.yaml'), `version: 1\nstages:\n  ${stage}: {run: "true", out: [x]}\n`);
  const open = async (): Promise<Project> => {
    const opened = await openProject({cwd: root});
    if (opened.ok) return opened.project;
    throw new UserError(opened.errors.map(({message}) => message).join());
  };
  write('first');
  const stop = new AbortController();
  const ran: string[] = [];
  let time = 0;
  await watch({
    project: await open(),
    selection: {select: []},
    reopen: async () => {
      const project = open();
      // What was opened, or refused, is older than this edit.
      await project.catch(() => null);
      edit(write, ++time);
      return project;
    },
    once: async ({graph}) => {
      const [name] = graph.stages.map(stage => stage.name);
      ran.push(name!);
      if (name === 'last') stop.abort();
      else write('second');
      return Promise.resolve(0);
    },
    signal: stop.signal,
  });
  return ran;
};

test(
  'an edit while the pipeline is read again is not lost, and what was read is not run',
  {timeout: 60_000},
  async () => {
    expect(
      await namesRun((write, time) => {
        if (time === 1) write('last');
      }),
    ).toEqual(['first', 'last']);
  },
);

test('nor is one while a mistake is found', {timeout: 60_000}, async () => {
  expect(
    await namesRun((write, time) => {
      if (time === 1) write('[');
      if (time === 2) write('last');
    }),
  ).toEqual(['first', 'last']);
});
