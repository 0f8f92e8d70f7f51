import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir, userInfo} from 'node:os';
import {dirname, join} from 'node:path';
import {packages, resolvePackage} from '../engine/packages.ts';
import type {EngineFacts} from '../runner/project.ts';
import {packageFile} from './package-files.ts';
import {engineScript} from './probe-engine.ts';

/**
 * What `openEngine({backend: 'auto'})` would choose, for the keys of stages that compute. Without TensorFlow's native
 * library on the disk it is the jit, and reading a version is all there is to do. With one, whether it loads is known
 * only by loading it: once, in a child, and remembered for as long as library and surroundings are the same.
 */
export const engineFacts = (): EngineFacts => {
  const require = createRequire(packageFile('package.json'));
  const found = [packages['node-gpu'].name, packages.node.name].flatMap(name => installed(name));
  const libraries = found.flatMap(({folder}) => nativeLibraries(folder));
  if (libraries.length > 0) {
    const facts = remembered(libraries, probe);
    return facts.backend === 'jit' ? facts : {...facts, folders: found.map(({folder}) => join(folder, '..', '..'))};
  }
  const {version} = require('onnxruntime-node/package.json') as {version: string};
  const facts: EngineFacts = {backend: 'jit', version: `onnxruntime-node ${version}`};
  if (found.length === 0) return facts;
  const names = found.map(({name}) => name).join(' and ');
  const note = `${names} is installed without its native library, which npm could not or may not download: computing with ${facts.version} instead; see \`pipeline doctor\``;
  return {...facts, note};
};

const installed = (name: string): {name: string; folder: string}[] => {
  try {
    return [{name, folder: dirname(resolvePackage(`${name}/package.json`))}];
  } catch {
    return [];
  }
};

/** Signatures of a package's native library; none when its install script did not fetch it. */
const nativeLibraries = (packageFolder: string): string[] => {
  const folder = join(packageFolder, 'lib');
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  return versions
    .map(version => join(folder, version, 'tfjs_binding.node'))
    .filter(file => existsSync(file))
    .map(file => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`);
};

const remembered = (libraries: readonly string[], find: () => EngineFacts): EngineFacts => {
  const {LD_LIBRARY_PATH = '', CUDA_VISIBLE_DEVICES = ''} = process.env;
  const known = JSON.stringify([process.version, LD_LIBRARY_PATH, CUDA_VISIBLE_DEVICES, ...libraries]);
  const folder = join(tmpdir(), `distill-pipeline-${userInfo().username}`);
  const file = join(folder, 'engine.json');
  try {
    const memory = JSON.parse(readFileSync(file, 'utf8')) as {known: string; facts: EngineFacts};
    if (memory.known === known) return memory.facts;
  } catch {
    // Not there yet, or half written by a killed process: found again below.
  }
  const facts = find();
  try {
    mkdirSync(folder, {recursive: true, mode: 0o700});
    writeFileSync(file, JSON.stringify({known, facts}));
  } catch {
    // Only slower the next time.
  }
  return facts;
};

const probe = (): EngineFacts => {
  // Loading this module of Node's takes longer than all that is needed without a native library.
  const {execFileSync} = process.getBuiltinModule('node:child_process');
  const text = execFileSync(process.execPath, ['--input-type=module', '--eval', engineScript('auto')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as EngineFacts;
};
