import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Dag, RunnerPeer} from './runner-peer.ts';

/** A task of this tool belongs to a package, so that each stage is a package of a workspace. */
const packageOf = (dag: Dag, folder: string): void => {
  for (const {name, input, needs, output, command} of dag.stages) {
    const home = path.join(folder, 'packages', name);
    mkdirSync(home, {recursive: true});
    const manifest = {
      name,
      version: '1.0.0',
      scripts: {
        build:
          command === undefined
            ? `cat ../../${input} > ../../${output} && cp ../../${output} out.txt`
            : `cd ../.. && ${command}`,
      },
      dependencies: needs === null ? {} : {[needs]: '1.0.0'},
    };
    writeFileSync(path.join(home, 'package.json'), JSON.stringify(manifest));
    const task = {
      extends: ['//'],
      tasks: {build: {inputs: [`../../${input}`], dependsOn: ['^build'], outputs: ['out.txt']}},
    };
    if (needs === null) writeFileSync(path.join(home, 'turbo.json'), JSON.stringify(task));
  }
};

export default {
  name: 'turbo',
  programs: ['turbo'],
  write: (folder, dag) => {
    packageOf(dag, folder);
    const manifest = {name: 'bench', private: true, packageManager: 'npm@10.8.2', workspaces: ['packages/*']};
    const tasks = {build: {dependsOn: ['^build'], inputs: ['package.json'], outputs: ['out.txt']}};
    const links = Object.fromEntries(
      dag.stages.map(({name}) => [`node_modules/${name}`, {resolved: `packages/${name}`, link: true}]),
    );
    const packages = Object.fromEntries(
      dag.stages.map(({name, needs}) => [
        `packages/${name}`,
        {version: '1.0.0', ...(needs !== null && {dependencies: {[needs]: '1.0.0'}})},
      ]),
    );
    const lock = {
      name: 'bench',
      lockfileVersion: 3,
      requires: true,
      packages: {'': {name: 'bench', workspaces: ['packages/*']}, ...links, ...packages},
    };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
    writeFileSync(path.join(folder, 'turbo.json'), JSON.stringify({tasks}));
  },
  run: ([turbo]) => [turbo!, 'run', 'build', '--concurrency=2', '--output-logs=none', '--no-daemon'],
  status: ([turbo]) => [turbo!, 'run', 'build', '--dry=json', '--no-daemon'],
  // It keeps what lies in the stage's own package.
  outputOf: stage => `packages/${stage}/out.txt`,
  env: {TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1'},
  mostStages: 100,
  isSlow: true,
} satisfies RunnerPeer;
