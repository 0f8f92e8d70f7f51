/**
 * Enough of globs to see which declared outputs a pattern in `in` may match; files on disk are matched elsewhere, when
 * they exist. Where a pattern is odd this says yes: an edge too many costs little, one too few is a wrong result.
 */
export const isGlob = (path: string): boolean => /[*?]|\[[^\]]+\]|\{[^}]*[,.][^}]*\}|[!+@]\([^)]*\)/.test(path);

/** The folder above the first segment with magic: `out/*.txt` → `out`, `*.txt` → `.`. */
export const globBase = (pattern: string): string => {
  const segments = pattern.split('/');
  const fixed = segments.findIndex(isGlob);
  return segments.slice(0, fixed).join('/') || '.';
};

export const globMatches = (pattern: string, path: string): boolean => toRegExp(pattern).test(path);

/** Whether the pattern may match a file in `folder`, an output that may be a folder. */
export const globReaches = (pattern: string, folder: string): boolean => {
  const patternSegments = pattern.split('/');
  const segments = folder.split('/');
  // A name with an extension is a file: nothing is inside it.
  if (segments.at(-1)!.includes('.', 1)) return false;
  for (const [index, segment] of segments.entries()) {
    const wanted = patternSegments[index];
    if (wanted === '**') return true;
    if (wanted === undefined || !toRegExp(wanted).test(segment)) return false;
  }
  return patternSegments.length > segments.length;
};

const cache = new Map<string, RegExp>();

const toRegExp = (pattern: string): RegExp => {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  let compiled: RegExp;
  try {
    compiled = new RegExp(`^${translate(pattern)}$`, 'u');
  } catch {
    compiled = /^/;
  }
  cache.set(pattern, compiled);
  return compiled;
};

const tokens = /\*\*\/|\*\*|\\.|([!?*+@])\(([^()]*)\)|[*?]|\[(!|\^)?([^\]]+)\]|\{([^{}]*)\}|[\s\S]/gu;

const translate = (pattern: string): string =>
  pattern.replace(tokens, (token: string, ...groups: (string | undefined)[]) => {
    const [extended, alternatives, negated, set, braces] = groups;
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (set !== undefined) return `[${negated === undefined ? '' : '^/'}${set.replace(/[\\[&~]/g, '\\$&')}]`;
    if (braces !== undefined) return translateBraces(braces);
    if (extended !== undefined) {
      const inner = (alternatives ?? '').split('|').map(translate).join('|');
      return extended === '!' ? '[^/]*' : `(?:${inner})${extended === '@' ? '' : extended}`;
    }
    return escapeRegExp(token.length === 2 && token.startsWith('\\') ? token.slice(1) : token);
  });

const translateBraces = (inner: string): string => {
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(inner);
  if (range !== null) return '-?\\d+';
  return inner.includes(',') ? `(?:${inner.split(',').map(translate).join('|')})` : `\\{${translate(inner)}\\}`;
};

const escapeRegExp = (text: string): string => text.replace(/[$()*+./?[\\\]^{|}-]/g, '\\$&');
