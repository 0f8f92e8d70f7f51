import {strToU8, zipSync} from 'fflate';

/** A zip archive of texts; the same texts give the same bytes, whenever and wherever. */
export const zipOfTexts = (texts: Readonly<Record<string, string>>): Uint8Array => {
  // The format keeps local time without its zone: a local date gives the same bytes in every zone.
  const mtime = new Date(1980, 0, 1);
  const entries = Object.entries(texts).map(([name, text]) => [name, [strToU8(text), {mtime}]] as const);
  return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]);
};
