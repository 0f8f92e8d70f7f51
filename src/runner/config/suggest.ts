import {closest, distance} from 'fastest-levenshtein';

/** The known name that was probably meant, as a sentence; undefined when none is near. */
export const didYouMean = (name: string, known: readonly string[]): string | undefined => {
  const nearest = nearestName(name, known);
  return nearest === null ? undefined : `Did you mean "${nearest}"?`;
};

/** As `didYouMean`, but names what there is when nothing is near. */
export const didYouMeanOrKnown = (name: string, known: readonly string[], what: string): string | undefined => {
  const guess = didYouMean(name, known);
  if (guess !== undefined || known.length === 0) return guess;
  const shown = known.slice(0, 8).join(', ');
  return `Known ${what}: ${shown}${known.length > 8 ? `, … (${known.length})` : ''}`;
};

export const nearestName = (name: string, known: readonly string[]): string | null => {
  if (known.length === 0) return null;
  const lower = name.toLowerCase();
  const same = known.find(candidate => candidate.toLowerCase() === lower);
  if (same !== undefined) return same;
  const nearest = closest(name, known);
  // Two slips in a short name, a third of the letters in a long one; beyond that a guess is noise.
  return distance(name, nearest) <= Math.max(2, Math.floor(name.length / 3)) && distance(name, nearest) < name.length
    ? nearest
    : null;
};
