import {readTsv, writeTsv} from '../io/tsv.ts';
import type {Example, Task} from './task.ts';

const headerOf = (task: Pick<Task, 'shape'>): string[] =>
  task.shape === 'pair' ? ['id', 'sentence1', 'sentence2', 'label'] : ['id', 'sentence1', 'label'];

/** Reads train.tsv, dev.tsv or test.tsv as stage `task-data` writes them; every problem names the file and line. */
export const readExamples = (path: string, task: Task): Example[] => {
  const expected = headerOf(task);
  const labels = task.kind === 'classification' ? new Set(task.labels) : null;
  const examples: Example[] = [];
  let header: readonly string[] | null = null;
  for (const {line, cells} of readTsv(path)) {
    if (header === null) {
      header = cells;
      if (cells.join('\t') === expected.join('\t')) continue;
      throw new Error(
        `${path}:${line}: expected the columns ${expected.join(', ')} of the task "${task.name}", found ${cells.join(', ')}.`,
      );
    }
    if (cells.length !== expected.length) {
      throw new Error(`${path}:${line}: expected ${expected.length} columns, found ${cells.length}.`);
    }
    const label = cells.at(-1)!;
    const isKnown = labels ? labels.has(label) : Number.isFinite(Number(label));
    if (label !== '' && !isKnown) {
      throw new Error(
        `${path}:${line}: expected ${labels ? `one of the labels ${[...labels].join(', ')}` : 'a number'}, found "${label}".`,
      );
    }
    examples.push({
      id: cells[0]!,
      text1: cells[1]!,
      text2: task.shape === 'pair' ? cells[2]! : null,
      label: label === '' ? null : label,
    });
  }
  if (header === null) throw new Error(`${path}: expected the columns ${expected.join(', ')}, found an empty file.`);
  return examples;
};

/** Writes what `readExamples` reads. */
export const writeExamples = (path: string, task: Pick<Task, 'shape'>, examples: readonly Example[]): Promise<void> =>
  writeTsv(path, [
    headerOf(task),
    ...examples.map(({id, text1, text2, label}) =>
      task.shape === 'pair' ? [id, text1, text2 ?? '', label ?? ''] : [id, text1, label ?? ''],
    ),
  ]);
