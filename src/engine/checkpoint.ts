import fs from 'node:fs';
import {join} from 'node:path';
import {readSafetensors, writeSafetensors} from '../io/safetensors.ts';
import type {Moments} from './adam.ts';
import {EngineError} from './errors.ts';
import type {HostTensor, Parameters} from './types.ts';

/** All in one file, so that one rename makes it current. */
const fileName = 'checkpoint.safetensors';

interface State {
  readonly parameters: Parameters;
  readonly moments: Readonly<Record<string, Moments>>;
}

const tensorsOf = ({parameters, moments}: State): Record<string, HostTensor> => {
  const tensors: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(parameters)) tensors[`parameter/${name}`] = tensor;
  for (const [name, {first, second}] of Object.entries(moments)) {
    const {shape} = parameters[name]!;
    tensors[`first/${name}`] = {shape, data: first};
    tensors[`second/${name}`] = {shape, data: second};
  }
  return tensors;
};

export interface CheckpointFacts {
  readonly steps: number;
  /** Dropout masks follow from seed and step: all the random state there is. */
  readonly seed: number;
  readonly notes: Readonly<Record<string, string>>;
}

export const saveCheckpoint = (folder: string, state: State, facts: CheckpointFacts): void => {
  fs.mkdirSync(folder, {recursive: true});
  const {steps, seed, notes} = facts;
  const metadata = {steps: String(steps), seed: String(seed), notes: JSON.stringify(notes)};
  writeSafetensors(join(folder, fileName), tensorsOf(state), metadata);
};

/** Copies a checkpoint into `state`'s own arrays; null when the folder holds none. */
export const restoreCheckpoint = (folder: string, state: State, seed: number): CheckpointFacts | null => {
  const path = join(folder, fileName);
  if (!fs.existsSync(path)) return null;
  const {tensors, metadata} = readSafetensors(path);
  const targets = tensorsOf(state);
  if (Number(metadata['seed']) !== seed) {
    throw new EngineError(
      `${path} belongs to seed ${metadata['seed'] ?? 'none'}, this training has ${seed}. Delete the folder to start anew.`,
    );
  }
  // All checks before the first write: a refused checkpoint leaves the trainer as it was.
  for (const name of new Set([...Object.keys(targets), ...Object.keys(tensors)])) {
    const [target, source] = [targets[name], tensors[name]];
    if (target && source && target.shape.join() === source.shape.join()) continue;
    const shape = (tensor: HostTensor | undefined): string => (tensor ? `[${tensor.shape.join(', ')}]` : 'absent');
    throw new EngineError(
      `${path} belongs to another training: ${name} is ${shape(source)} in it and ${shape(target)} here. Delete the folder to start anew.`,
    );
  }
  for (const [name, {data}] of Object.entries(targets)) data.set(tensors[name]!.data);
  return {
    steps: Number(metadata['steps']),
    seed: Number(metadata['seed']),
    notes: JSON.parse(metadata['notes'] ?? '{}') as Record<string, string>,
  };
};
