import fs from 'node:fs';
import path from 'node:path';
import {download} from './download.ts';
import {authorization, explained, fullCommit, readHubInfo, wantedFiles} from './hub-info.ts';
import {hubSettings} from './hub-settings.ts';
import type {HubSettings} from './hub-settings.ts';

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

export const isHubId = (text: string): boolean => identifier.test(text) && !/(^|\/)\.\.?(\/|@|$)/.test(text);

/**
 * The folder of a model of the hub, downloaded on first use and checked file by file. A revision is looked up once: what a
 * branch's name meant then is kept beside the files, so that a model does not change under an experiment.
 */
export const fetchHubModel = async (request: HubRequest): Promise<HubModel> => {
  const {id, settings = hubSettings()} = request;
  const {model, revision, home, reference, pinned} = placeOf(id, settings);
  if (pinned !== null && fs.existsSync(path.join(home, pinned, '.complete'))) {
    return {folder: path.join(home, pinned), commit: pinned};
  }
  if (settings.offline) {
    throw new Error(`${id} was not downloaded before, and HF_HUB_OFFLINE forbids it now. Run once without, or name a folder.`); // prettier-ignore
  }
  const info = await readHubInfo({...request, settings, model, revision: pinned ?? revision});
  const folder = path.join(home, info.commit);
  for (const file of wantedFiles(info.files, id)) {
    const target = path.join(folder, file.name);
    if (fs.existsSync(target)) continue;
    const url = `${settings.endpoint}/${model}/resolve/${info.commit}/${file.name.split('/').map(encodeURIComponent).join('/')}`;
    await download({
      ...{url, headers: authorization(settings), file: target, hash: file.hash},
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

const readIfThere = (file: string): string | null => {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
  return fullCommit.test(text) ? text : null;
};

/** The parts of an id, and where its files lie; `pinned` is the commit, null for a name that was not looked up yet. */
const placeOf = (id: string, {cache}: HubSettings) => {
  const {model, revision = 'main'} = (isHubId(id) ? identifier.exec(id)?.groups : undefined) ?? {};
  if (model === undefined) {
    throw new Error(`"${id}" is neither a folder nor a model of the hub; expected owner/name or owner/name@revision.`);
  }
  const home = path.join(cache, model.replace('/', '--'));
  const reference = path.join(home, 'revisions', encodeURIComponent(revision));
  const pinned = fullCommit.test(revision) ? revision : readIfThere(reference);
  return {model, revision, home, reference, pinned};
};

/**
 * The id with a commit for its revision: itself if it has one, else what the name means now (without network, what it
 * meant when it was downloaded).
 */
export const pinnedHubId = async ({
  id,
  settings = hubSettings(),
  signal,
}: Pick<HubRequest, 'id' | 'settings' | 'signal'>): Promise<string> => {
  const {model, revision, pinned} = placeOf(id, settings);
  if (fullCommit.test(revision)) return id;
  if (settings.offline) {
    if (pinned !== null) return `${model}@${pinned}`;
    throw new Error(`${id} was not looked up before, and HF_HUB_OFFLINE forbids it now. Write its commit: ${model}@COMMIT.`); // prettier-ignore
  }
  const {commit} = await readHubInfo({id, settings, model, revision, ...(signal && {signal})});
  return `${model}@${commit}`;
};
