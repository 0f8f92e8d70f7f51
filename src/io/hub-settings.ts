import {homedir} from 'node:os';
import path from 'node:path';

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
