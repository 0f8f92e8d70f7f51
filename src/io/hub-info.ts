import path from 'node:path';
import {DownloadError, reasonOf} from './download.ts';
import type {ExpectedHash} from './download.ts';
import type {HubSettings} from './hub-settings.ts';

export const fullCommit = /^[0-9a-f]{40}$/;

export const authorization = ({token}: HubSettings): Record<string, string> =>
  token === null ? {} : {authorization: `Bearer ${token}`};

/** A file of a model, with what its content must hash to. */
export interface HubFile {
  readonly name: string;
  readonly hash: ExpectedHash | null;
}

interface Sibling {
  readonly rfilename: string;
  readonly blobId?: string;
  readonly lfs?: {readonly sha256?: string};
}

export interface HubQuestion {
  readonly model: string;
  readonly revision: string;
  /** As the user wrote it, for messages. */
  readonly id: string;
  readonly settings: HubSettings;
  readonly signal?: AbortSignal;
}

/** The commit that a revision means now, and the files of it. */
export const readHubInfo = async ({
  model,
  revision,
  id,
  settings,
  signal,
}: HubQuestion): Promise<{readonly commit: string; readonly files: readonly HubFile[]}> => {
  const url = `${settings.endpoint}/api/models/${model}/revision/${encodeURIComponent(revision)}?blobs=true`;
  let answer: Response;
  try {
    answer = await fetch(url, {headers: authorization(settings), ...(signal && {signal})});
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`${settings.endpoint} cannot be reached (${reasonOf(error)}). Check the network and HF_ENDPOINT, or name a folder.`, {cause: error}); // prettier-ignore
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    throw explained(new DownloadError(`${url}: the server answered ${answer.status}.`, answer.status), id, settings);
  }
  const {sha, siblings} = (await answer.json().catch(() => ({}))) as {sha?: string; siblings?: Sibling[]};
  if (sha === undefined || !fullCommit.test(sha) || !Array.isArray(siblings)) {
    throw new Error(`${url} did not answer with a model's commit and files. Check HF_ENDPOINT.`);
  }
  // Names become paths on this machine.
  const safe = siblings.filter(
    ({rfilename}) => !path.isAbsolute(rfilename) && !rfilename.split(/[\\/]/).includes('..'),
  );
  return {commit: sha, files: safe.map(file => ({name: file.rfilename, hash: hashOf(file)}))};
};

/** Large files have a SHA-256, the others git's name of their content. */
const hashOf = ({lfs, blobId}: Sibling): ExpectedHash | null => {
  if (lfs?.sha256) return {kind: 'sha256', hex: lfs.sha256};
  return blobId ? {kind: 'git-blob', hex: blobId} : null;
};

const small =
  /^(config|tokenizer|tokenizer_config|special_tokens_map|modules|sentence_bert_config|config_sentence_transformers|model\.safetensors\.index)\.json$|^vocab\.txt$|^\d+_\w+\/config\.json$/;

/** What a teacher needs of a repository: small files by name, and one form of the weights. */
export const wantedFiles = (files: readonly HubFile[], id: string): readonly HubFile[] => {
  const has = (name: string): boolean => files.some(file => file.name === name);
  const weights = has('model.safetensors.index.json')
    ? /^model-\d+-of-\d+\.safetensors$/
    : has('model.safetensors')
      ? /^model\.safetensors$/
      : /^onnx\/model\.onnx$/;
  if (!has('config.json') || !files.some(({name}) => weights.test(name))) {
    throw new Error(
      `${id} has no config.json with model.safetensors or onnx/model.onnx; it cannot be used as a teacher.`,
    );
  }
  return files.filter(({name}) => small.test(name) || weights.test(name));
};

/** What an answer of the hub means for the user. */
export const explained = (error: unknown, id: string, {endpoint, token}: HubSettings): unknown => {
  if (!(error instanceof DownloadError) || error.status === null) return error;
  if (error.status === 401 || error.status === 403) {
    const todo = token === null ? 'set HF_TOKEN to a token that may read it' : 'HF_TOKEN may not read it: accept its terms on its page, or use another token'; // prettier-ignore
    // The hub answers 401, not 404, for names that do not exist.
    return new Error(`${endpoint} does not give ${id} (${error.status}). Check the name; if it is not public, ${todo}.`, {cause: error}); // prettier-ignore
  }
  if (error.status === 404)
    return new Error(`${endpoint} has no ${id}. Check the name and the revision.`, {cause: error});
  return error;
};
