import {spawnSync} from 'node:child_process';
import {cpSync, readdirSync, readFileSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {createRig, slurmTest, type SlurmRig} from './rig.ts';

const repository = join(import.meta.dirname, '..', '..');
const smoke = ['--profile', 'smoke'];
const reports = 'reports/pipeline-smoke';
/** What a clock has a part in. */
const timings = ['cost.json', 'cost.md', 'plots/quality-against-cost.svg'];

/** The experiment in a folder of its own, in which nothing has run. */
const createExperiment = (): SlurmRig => {
  const rig = createRig();
  for (const name of ['stages', 'src', 'package.json', 'package-lock.json', 'pipeline.yaml'])
    cpSync(join(repository, name), join(rig.root, name), {recursive: true});
  symlinkSync(join(repository, 'node_modules'), join(rig.root, 'node_modules'));
  return rig;
};

/** Where it has run on this machine: the repository itself, when all is fresh there, as `.ci/run` leaves it. */
const madeHere = async (): Promise<string> => {
  const {stdout} = spawnSync(process.execPath, ['bin/pipeline.js', 'status', '--json', ...smoke], {
    ...{cwd: repository, encoding: 'utf8'},
  });
  const outcomes = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => (JSON.parse(line) as {outcome: string}).outcome);
  if (outcomes.length > 0 && outcomes.every(outcome => outcome === 'fresh')) return repository;
  const rig = createExperiment();
  await rig.outcomes(...smoke);
  return rig.root;
};

const filesOf = (root: string, isWanted: (file: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(root, reports), {recursive: true, withFileTypes: true})
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(join(root, reports).length + 1))
      .filter(isWanted)
      .sort()
      .map(file => [file, readFileSync(join(root, reports, file), 'utf8')]),
  );

slurmTest(
  'the default experiment, small, gives the same report here and on the cluster, to the byte',
  async () => {
    const here = await madeHere();
    const there = createExperiment();
    const outcomes = await there.outcomes('--executor', 'slurm', ...smoke);
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['ran']));
    const isNoTiming = (file: string): boolean => !timings.includes(file);
    const expected = filesOf(here, isNoTiming);
    expect(Object.keys(expected)).toContain('results.json');
    expect(filesOf(there.root, isNoTiming)).toEqual(expected);
    // Times differ from run to run. With one measurement of them the whole report is the same: it is taken from here.
    for (const file of ['artifacts/pipeline-smoke/cost', 'pipeline.lock/pipeline-smoke/cost.json'])
      cpSync(join(here, file), join(there.root, file), {recursive: true});
    // Which knows of another result under the same key.
    there.remove('.pipeline/records');
    expect(await there.changed('--executor', 'slurm', ...smoke)).toEqual({report: 'ran'});
    expect(filesOf(there.root, () => true)).toEqual(filesOf(here, () => true));
  },
  // Half a minute of a machine of its own; a busy one has taken twenty.
  60 * 60_000,
);
