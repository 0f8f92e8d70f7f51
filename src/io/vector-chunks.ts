import {mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

export interface VectorChunk {
  readonly start: number;
  readonly rows: number;
  /** [row, dim], end to end. */
  readonly data: Float32Array;
  /** True when it was computed by an earlier attempt. */
  readonly resumed: boolean;
}

export interface VectorChunksOptions {
  /** Where finished chunks are kept until `discardVectorChunks`: a killed job continues after the last of them. */
  readonly folder: string;
  readonly rows: number;
  readonly dim: number;
  readonly chunk: number;
  readonly compute: (start: number, end: number) => Promise<Float32Array>;
}

const folderOf = (folder: string): string => join(folder, 'vector-chunks');

/** Yields the vectors of rows 0 … rows−1 in chunks, in order, each computed once over all attempts. */
export async function* vectorChunks({
  folder,
  rows,
  dim,
  chunk,
  compute,
}: VectorChunksOptions): AsyncGenerator<VectorChunk> {
  for (let start = 0; start < rows; start += chunk) {
    const end = Math.min(rows, start + chunk);
    const name = `${start}-${end}x${dim}`;
    yield {
      start,
      rows: end - start,
      ...(await savedChunk(folder, name, (end - start) * dim, () => compute(start, end))),
    };
  }
}

/** So many numbers that an earlier attempt saved under this name, or computed and saved now. */
export const savedChunk = async (
  folder: string,
  name: string,
  numbers: number,
  compute: () => Promise<Float32Array>,
): Promise<Pick<VectorChunk, 'data' | 'resumed'>> => {
  mkdirSync(folderOf(folder), {recursive: true});
  const file = join(folderOf(folder), `${name}.f32`);
  const saved = readChunk(file, numbers);
  if (saved) return {data: saved, resumed: true};
  const data = await compute();
  // Renamed when whole: a half chunk is never taken for one.
  writeFileSync(`${file}.tmp`, data);
  renameSync(`${file}.tmp`, file);
  return {data, resumed: false};
};

/** To be called when everything is written. */
export const discardVectorChunks = (folder: string): void => {
  rmSync(folderOf(folder), {recursive: true, force: true});
};

const readChunk = (file: string, numbers: number): Float32Array | null => {
  if (statSync(file, {throwIfNoEntry: false})?.size !== numbers * 4) return null;
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};
