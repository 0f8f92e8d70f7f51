import type {Scope} from './names.ts';
import type {Place} from './source-text.ts';

/** Not `$${`, which stands for itself. */
const references = /(?<!\$)\$\{\s*([\w.-]+)\s*\}/g;

/**
 * The var that a person sets to get another value here: `data.glue`, also where it came by way of other vars. undefined
 * for a value that is written out, or made from axis values and params alone. Everything has been substituted before.
 */
export const varBehind = (scope: Scope, place: Place): string | undefined => {
  let found: string | undefined;
  const seen = new Set<string>();
  for (let here = place; ;) {
    const written = here.source.text.slice(here.start, here.end);
    const names = [...written.matchAll(references)].map(match => match[1]!);
    const name = names.find(name => scope.isVar(name)) ?? names.find(name => scope.has(name.split('.')[0]!));
    if (name === undefined || seen.has(name)) return found;
    seen.add(name);
    if (scope.isVar(name)) found = name;
    const value = scope.lookup(name, here);
    if (value === null) return found;
    here = value.kind === 'list' && value.items.length === 1 ? value.items[0]! : value;
  }
};
