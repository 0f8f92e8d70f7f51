import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {readCsv} from '../io/csv.ts';
import {readTsv} from '../io/tsv.ts';
import type {Example, Split, SplitFile, Task} from './task.ts';

/** A task's own files: `folder` is the data folder that holds them all (`RTE/train.tsv`), or the task's own. */
export const findSplitFile = (folder: string, task: Task, split: Split): string | null => {
  if (task.source.kind !== 'files') return null;
  const declared = task.source.splits[split];
  if (!declared) return null;
  const places = [join(folder, task.source.folder, declared.file), join(folder, declared.file)];
  return places.find(place => existsSync(place)) ?? null;
};

/** Rows of one of a task's own files; ids are row numbers from 0, which is what GLUE's `index` is. */
export const readSplitFile = (path: string, task: Task, columns: SplitFile): Example[] => {
  const examples: Example[] = [];
  const needed = Math.max(columns.text1, columns.text2 ?? 0, columns.label ?? 0);
  let isHeader = columns.header;
  for (const {line, cells} of columns.format === 'csv' ? readCsv(path) : readTsv(path)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    if (cells.length <= needed) {
      throw new Error(`${path}:${line}: expected at least ${needed + 1} columns, found ${cells.length}.`);
    }
    examples.push({
      id: String(examples.length),
      text1: cells[columns.text1]!.trim(),
      text2: columns.text2 === undefined ? null : cells[columns.text2]!.trim(),
      label: columns.label === undefined ? null : labelOf(task, cells[columns.label]!.trim(), `${path}:${line}`),
    });
  }
  return examples;
};

// By name, never by position: GLUE's own code, Hugging Face and BERT order the same labels differently.
const labelOf = (task: Task, written: string, where: string): string => {
  if (task.kind === 'regression') {
    const {low, high} = task.range;
    if (written !== '' && Number(written) >= low && Number(written) <= high) return written;
    throw new Error(`${where}: expected a number from ${low} to ${high}, found "${written}".`);
  }
  const label = task.labelNames ? task.labelNames[written] : written;
  if (label !== undefined && task.labels.includes(label)) return label;
  const names = task.labelNames ? Object.keys(task.labelNames) : task.labels;
  throw new Error(`${where}: expected one of the labels ${names.join(', ')}, found "${written}".`);
};
