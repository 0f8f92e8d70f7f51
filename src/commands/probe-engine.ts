import type {EngineOptions} from '../engine/engine.ts';
import {packageFile} from './package-files.ts';

/**
 * A script for `node --eval` that opens an engine and prints `{backend, version, note?}` as its last line. In a process of its
 * own, because a native library that does not fit may end the process that loads it.
 */
export const engineScript = (backend: NonNullable<EngineOptions['backend']>): string => `
  const {openEngine} = await import(${JSON.stringify(packageFile('dist/src/engine/engine.js'))});
  const {backend, version, notes} = await openEngine({backend: ${JSON.stringify(backend)}, threads: 1});
  console.log('\\n' + JSON.stringify({backend, version, ...(notes.length > 0 ? {note: notes.join(' ')} : {})}));
  process.exit(0);`;

/** The same, and how fast the engine is: `{backend, version, gflops, stepMs}`. */
export const speedScript = (backend: NonNullable<EngineOptions['backend']>): string => `
  const {openEngine} = await import(${JSON.stringify(packageFile('dist/src/engine/engine.js'))});
  const {engineSpeed} = await import(${JSON.stringify(packageFile('dist/src/commands/engine-speed.js'))});
  const engine = await openEngine({backend: ${JSON.stringify(backend)}, threads: 1});
  console.log('\\n' + JSON.stringify({backend: engine.backend, version: engine.version, ...(await engineSpeed(engine))}));
  process.exit(0);`;
