/**
 * What is at a path, as a short text: `<sha256>` for a file, `<sha256>x` for an executable one, `<sha256>t` for a tree,
 * a folder (the hash of its manifest). The marks are no hex digits. Branded, so that a key or a path cannot be passed for it.
 */
export type ContentHash = string & {readonly contentHash: unique symbol};

const shape = /^[0-9a-f]{64}[xt]?$/;

export const isContentHash = (text: unknown): text is ContentHash => typeof text === 'string' && shape.test(text);

export const isFolderHash = (hash: ContentHash): boolean => hash.endsWith('t');

export const isExecutableHash = (hash: ContentHash): boolean => hash.endsWith('x');

/** The 64 hex digits alone, which name the object in the store. */
export const digestOf = (hash: ContentHash): string => hash.slice(0, 64);
