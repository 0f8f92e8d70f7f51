import fs from 'node:fs';
import path from 'node:path';
import type {HostTensor} from '../engine/types.ts';
import {readSafetensors, writeSafetensors} from '../io/safetensors.ts';

/** One task's head on the pooled first token, as a multi-task model's folder keeps it. */
export interface StoredHead {
  /** [outputs, width] */
  readonly weight: HostTensor;
  /** [outputs] */
  readonly bias: HostTensor;
  /** Names of the outputs; null for a score in [0, 1]. */
  readonly labels: readonly string[] | null;
  /** Whether the score passes through a sigmoid. */
  readonly sigmoid: boolean;
}

const fileName = 'heads.safetensors';

/** Writes heads.safetensors beside the encoder's own files: `<task>.weight`, `<task>.bias`, and what they mean as metadata. */
export const writeTaskHeads = (folder: string, heads: Readonly<Record<string, StoredHead>>): void => {
  const tensors: Record<string, HostTensor> = {};
  const metadata: Record<string, string> = {};
  for (const [task, {weight, bias, labels, sigmoid}] of Object.entries(heads)) {
    tensors[`${task}.weight`] = weight;
    tensors[`${task}.bias`] = bias;
    metadata[task] = JSON.stringify({labels, sigmoid});
  }
  writeSafetensors(path.join(folder, fileName), tensors, metadata);
};

/** The heads of a folder by the name of their task; null where it is no multi-task model. */
export const readTaskHeads = (folder: string): Readonly<Record<string, StoredHead>> | null => {
  const file = path.join(folder, fileName);
  if (!fs.existsSync(file)) return null;
  const {tensors, metadata} = readSafetensors(file);
  const heads: Record<string, StoredHead> = {};
  for (const [task, text] of Object.entries(metadata)) {
    const [weight, bias] = [tensors[`${task}.weight`], tensors[`${task}.bias`]];
    if (!weight || !bias) throw new Error(`${file} names the task "${task}" and has no ${task}.weight and ${task}.bias. Train the model again.`); // prettier-ignore
    const {labels, sigmoid} = JSON.parse(text) as Pick<StoredHead, 'labels' | 'sigmoid'>;
    heads[task] = {weight, bias, labels, sigmoid};
  }
  return heads;
};
