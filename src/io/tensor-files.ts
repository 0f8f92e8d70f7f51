import fs from 'node:fs';
import path from 'node:path';
import {bfloatsToFloats, halvesToFloats} from './half.ts';
import {readBytes, readSafetensorsHeader} from './safetensors-header.ts';
import type {TensorEntry} from './safetensors-header.ts';

/** The tensors of a checkpoint of one or several safetensors files; values are read when they are asked for. */
export interface TensorFiles {
  readonly names: readonly string[];
  shape(name: string): readonly number[];
  /** As float32, whatever floating-point type the file has. */
  read(name: string): Float32Array;
  /** Name and bytes of each file. */
  readonly files: readonly string[];
  close(): void;
}

/** Opens `model.safetensors` of a folder, or the files that its `model.safetensors.index.json` lists. */
export const openTensorFiles = (folder: string): TensorFiles => {
  const files = tensorFilesOf(folder);
  const opened: number[] = [];
  const close = (): void => {
    for (const file of opened.splice(0)) fs.closeSync(file);
  };
  const places = new Map<string, {readonly file: number; readonly path: string; readonly entry: TensorEntry}>();
  try {
    for (const file of files) {
      const descriptor = fs.openSync(file, 'r');
      opened.push(descriptor);
      for (const [name, entry] of readSafetensorsHeader(descriptor, file).entries) {
        const other = places.get(name);
        if (other) throw new Error(`Tensor "${name}" is in two files: ${other.path} and ${file}. Keep the right one.`);
        places.set(name, {file: descriptor, path: file, entry});
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  const place = (name: string) => {
    const found = places.get(name);
    if (!found) throw new Error(`${folder} has no tensor "${name}".`);
    return found;
  };
  return {
    names: [...places.keys()],
    files,
    shape: name => place(name).entry.shape,
    read: name => {
      const {file, path: from, entry} = place(name);
      return toFloats(name, entry, readBytes(file, entry.from, entry.to), from);
    },
    close,
  };
};

const tensorFilesOf = (folder: string): string[] => {
  const single = path.join(folder, 'model.safetensors');
  if (fs.existsSync(single)) return [single];
  const index = path.join(folder, 'model.safetensors.index.json');
  if (fs.existsSync(index)) {
    const {weight_map: map} = JSON.parse(fs.readFileSync(index, 'utf8')) as {weight_map?: Record<string, string>};
    const names = [...new Set(Object.values(map ?? {}))].sort();
    const missing = names.filter(name => !fs.existsSync(path.join(folder, name)));
    if (missing.length > 0) throw new Error(`${index} names files that are not there: ${missing.join(', ')}.`);
    if (names.length === 0) throw new Error(`${index} lists no files in its weight_map.`);
    return names.map(name => path.join(folder, name));
  }
  const pickled = fs.existsSync(path.join(folder, 'pytorch_model.bin'));
  throw new Error(
    `${folder} has no model.safetensors${pickled ? ', only pytorch_model.bin, which holds Python code and is not read here' : ''}. ` +
      'In Python: transformers.AutoModel.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER) writes one.',
  );
};

// The bytes come from Buffer.alloc of their own length, so the arrays are aligned and nobody else sees them.
const toFloats = (
  name: string,
  {dtype}: TensorEntry,
  {buffer, byteOffset, byteLength}: Buffer,
  file: string,
): Float32Array => {
  const bytes = byteOffset % 8 === 0 ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const from = byteOffset % 8 === 0 ? byteOffset : 0;
  if (dtype === 'F32') return new Float32Array(bytes, from, byteLength / 4);
  if (dtype === 'F16') return halvesToFloats(new Uint16Array(bytes, from, byteLength / 2));
  if (dtype === 'BF16') return bfloatsToFloats(new Uint16Array(bytes, from, byteLength / 2));
  if (dtype === 'F64') return Float32Array.from(new Float64Array(bytes, from, byteLength / 8));
  throw new Error(`${file}: tensor "${name}" holds ${dtype}; weights of F64, F32, F16 and BF16 are read.`);
};
