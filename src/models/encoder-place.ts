import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {fetchHubModel, isHubId, pinnedHubId} from '../io/hub.ts';

/** The value of the parameter `model` that stands for the folder given as the input `model`. */
export const folderModel = 'folder';

export interface EncoderPlaceOptions {
  /** `owner/name@COMMIT`, or `folder`. */
  readonly model: string;
  /** The input `model`. */
  readonly modelFolder: string | null;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number, unit: string) => void;
}

export interface EncoderPlace {
  readonly folder: string;
  /** Which model it is, for a file's metadata: no machine's paths. */
  readonly notes: Readonly<Record<string, string>>;
}

/**
 * The folder of a model, downloaded if need be. What a stage's key says must settle the weights, so the hub's models need
 * a commit, and a folder must be an input, whose content the key includes.
 */
export const encoderPlace = async ({
  model,
  modelFolder,
  signal,
  progress,
}: EncoderPlaceOptions): Promise<EncoderPlace> => {
  if (model === folderModel) {
    if (modelFolder === null) throw new Error('`model: folder` needs a folder as the input `model`. Write in: {model: FOLDER}.'); // prettier-ignore
    return {folder: modelFolder, notes: {teacher: path.basename(modelFolder), weights: weightsHash(modelFolder)}};
  }
  if (modelFolder !== null)
    throw new Error(`The input \`model\` is given, and the parameter \`model\` is ${model}. Write model: folder, or leave out the input.`); // prettier-ignore
  if (!isHubId(model) || fs.existsSync(model)) {
    throw new Error(
      `\`model: ${model}\` names a folder, whose content would not be noticed when it changes. ` +
        `Make it an input: in: {model: ${model}}, params: {model: folder}.`,
    );
  }
  const pinned = await pinnedHubId({id: model, signal});
  if (pinned !== model) {
    throw new Error(
      `\`model: ${model}\` has no commit, so that it may become another model some day. Today it is this one; write model: ${pinned}.`,
    );
  }
  const found = await fetchHubModel({
    ...{id: model, signal},
    onProgress: (file, bytes, total) => progress(bytes, total ?? bytes, `bytes of ${file}`),
  });
  return {folder: found.folder, notes: {teacher: model.replace(/@.*/, ''), commit: found.commit}};
};

const block = 1 << 24;

/** SHA-256 over names and content of the files with weights: equal for equal copies of a model, wherever they lie. */
const weightsHash = (folder: string): string => {
  const hash = createHash('sha256');
  const names = fs.existsSync(folder) ? fs.readdirSync(folder, {recursive: true, encoding: 'utf8'}) : [];
  const buffer = Buffer.allocUnsafe(block);
  for (const name of names.filter(own => /\.(safetensors|onnx)$/.test(own)).sort()) {
    hash.update(`${name.replaceAll('\\', '/')}\0`);
    const file = fs.openSync(path.join(folder, name), 'r');
    try {
      for (let read = 0; (read = fs.readSync(file, buffer)) > 0;) hash.update(buffer.subarray(0, read));
    } finally {
      fs.closeSync(file);
    }
  }
  return hash.digest('hex').slice(0, 16);
};
