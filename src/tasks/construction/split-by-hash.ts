import {comparable} from '../../text/normalize.ts';
import {hashFraction} from '../../text/hash.ts';

const devShare = 0.15;

/**
 * Whether a text belongs to dev: by the hash of its comparable form, so that the same text, however it is written, is on
 * the same side in every task, for every seed.
 */
export const isDevText = (text: string): boolean => hashFraction(comparable(text)) < devShare;

/** The same for a document by its name: all its sentences are on one side. */
export const isDevDocument = (name: string): boolean => hashFraction(`document ${name}`) < devShare;
