import fs from 'node:fs';
import {homedir} from 'node:os';
import path from 'node:path';
import {DownloadError, download, reasonOf} from './download.ts';
import type {ExpectedHash} from './download.ts';

/** Where models come from, as Hugging Face's own tools read it from the environment. */
export interface HubSettings {
  /** HF_ENDPOINT; https://huggingface.co */
  readonly endpoint: string;
  /** HF_TOKEN, for models that are not public. */
  readonly token: string | null;
  /** HF_HUB_OFFLINE: only what was downloaded before. */
  readonly offline: boolean;
  /** DISTILL_HUB_CACHE; ~/.cache/distill-pipeline/hub */
  readonly cache: string;
}

export const hubSettings = (env: Readonly<Record<string, string | undefined>> = process.env): HubSettings => ({
  endpoint: (env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, ''),
  token: env['HF_TOKEN'] || null,
  offline: /^(1|true|yes|on)$/i.test(env['HF_HUB_OFFLINE'] ?? ''),
  cache: env['DISTILL_HUB_CACHE'] || path.join(homedir(), '.cache', 'distill-pipeline', 'hub'),
});

export interface HubModel {
  readonly folder: string;
  /** The commit that the files are of. */
  readonly commit: string;
}

export interface HubRequest {
  /** `owner/name`, `owner/name@revision`, or `name` of the oldest models (`bert-base-uncased`). */
  readonly id: string;
  readonly settings?: HubSettings;
  readonly onProgress?: (file: string, bytes: number, total: number | null) => void;
  readonly signal?: AbortSignal;
  readonly waitMs?: number;
}

const identifier = /^(?<model>[\w.-]+(?:\/[\w.-]+)?)(?:@(?<revision>[\w./-]+))?$/;
const fullCommit = /^[0-9a-f]{40}$/;

export const isHubId = (text: string): boolean => identifier.test(text) && !/(^|\/)\.\.?(\/|@|$)/.test(text);

/**
 * The folder of a model of the hub, downloaded on first use and checked file by file. A revision is looked up once: what a
 * branch's name meant then is kept beside the files, so that a model does not change under an experiment.
 */
export const fetchHubModel = async (request: HubRequest): Promise<HubModel> => {
  const {id, settings = hubSettings()} = request;
  const {model, revision = 'main'} = (isHubId(id) ? identifier.exec(id)?.groups : undefined) ?? {};
  if (model === undefined) {
    throw new Error(`"${id}" is neither a folder nor a model of the hub; expected owner/name or owner/name@revision.`);
  }
  const home = path.join(settings.cache, model.replace('/', '--'));
  const reference = path.join(home, 'revisions', encodeURIComponent(revision));
  const pinned = fullCommit.test(revision) ? revision : readIfThere(reference);
  if (pinned !== null && fs.existsSync(path.join(home, pinned, '.complete'))) {
    return {folder: path.join(home, pinned), commit: pinned};
  }
  if (settings.offline) {
    throw new Error(`${id} was not downloaded before, and HF_HUB_OFFLINE forbids it now. Run once without, or name a folder.`); // prettier-ignore
  }
  const headers: Record<string, string> = settings.token === null ? {} : {authorization: `Bearer ${settings.token}`};
  const info = await readInfo(model, pinned ?? revision, headers, {...request, settings});
  const folder = path.join(home, info.commit);
  for (const file of wantedFiles(info.files, id)) {
    const target = path.join(folder, file.name);
    if (fs.existsSync(target)) continue;
    const url = `${settings.endpoint}/${model}/resolve/${info.commit}/${file.name.split('/').map(encodeURIComponent).join('/')}`;
    await download({
      ...{url, headers, file: target, hash: file.hash},
      onProgress: (bytes, total) => request.onProgress?.(file.name, bytes, total),
      ...(request.signal && {signal: request.signal}),
      ...(request.waitMs !== undefined && {waitMs: request.waitMs}),
    }).catch((error: unknown) => {
      throw explained(error, id, settings);
    });
  }
  fs.mkdirSync(path.dirname(reference), {recursive: true});
  fs.writeFileSync(reference, info.commit);
  fs.writeFileSync(path.join(folder, '.complete'), '');
  return {folder, commit: info.commit};
};

interface HubFile {
  readonly name: string;
  readonly hash: ExpectedHash | null;
}

interface Sibling {
  readonly rfilename: string;
  readonly blobId?: string;
  readonly lfs?: {readonly sha256?: string};
}

const readInfo = async (
  model: string,
  revision: string,
  headers: Readonly<Record<string, string>>,
  {id, signal, settings}: HubRequest & {readonly settings: HubSettings},
): Promise<{readonly commit: string; readonly files: readonly HubFile[]}> => {
  const url = `${settings.endpoint}/api/models/${model}/revision/${encodeURIComponent(revision)}?blobs=true`;
  let answer: Response;
  try {
    answer = await fetch(url, {headers, ...(signal && {signal})});
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

const wantedFiles = (files: readonly HubFile[], id: string): readonly HubFile[] => {
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

const readIfThere = (file: string): string | null => {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
  return fullCommit.test(text) ? text : null;
};

const explained = (error: unknown, id: string, {endpoint, token}: HubSettings): unknown => {
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
