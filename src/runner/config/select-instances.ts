import type {Axis} from '../../contract/stage.ts';
import type {Problems} from './config-error.ts';
import type {Draft} from './draft.ts';
import {valueNamed} from './path-names.ts';
import type {Reference} from './reference.ts';
import {partOf} from './reference.ts';
import type {Place} from './source-text.ts';
import {didYouMeanOrKnown} from './suggest.ts';

/** The instances of one stage, found by some of their axis values without a pass over all of them. */
export class InstanceSet {
  readonly axes: readonly string[];
  readonly all: readonly Draft[];
  readonly #indexes = new Map<string, Map<string, Draft[]>>();

  constructor(axes: readonly string[], all: readonly Draft[]) {
    this.axes = axes;
    this.all = all;
  }

  with(fixed: Axis): readonly Draft[] {
    const names = this.axes.filter(name => fixed[name] !== undefined);
    if (names.length === 0) return this.all;
    const indexName = names.join(',');
    let index = this.#indexes.get(indexName);
    if (index === undefined) this.#indexes.set(indexName, (index = groupBy(this.all, names)));
    return index.get(valuesKey(fixed, names)) ?? [];
  }

  values(axis: string): string[] {
    return [...new Set(this.all.map(draft => draft.axis[axis]!))];
  }
}

const groupBy = (drafts: readonly Draft[], names: readonly string[]): Map<string, Draft[]> => {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = valuesKey(draft.axis, names);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [draft]);
    else group.push(draft);
  }
  return groups;
};

const valuesKey = (axis: Axis, names: readonly string[]): string => names.map(name => axis[name]).join('\0');

/**
 * The instances that a reference means for one reader: the selected values, the reader's own value for other axes that
 * both have, all values of the rest. null after an error.
 */
export const selectInstances = (
  producers: InstanceSet,
  reference: Reference,
  reader: Draft,
  place: Place,
  problems: Problems,
): {drafts: readonly Draft[]; fixed: Axis} | null => {
  const fixed: Record<string, string> = {};
  for (const name of producers.axes) if (reader.axis[name] !== undefined) fixed[name] = reader.axis[name];
  for (const [name, written] of reference.select) {
    if (!producers.axes.includes(name)) {
      const suggestion =
        producers.axes.length === 0
          ? `The stage "${reference.stage}" has no matrix`
          : didYouMeanOrKnown(name, producers.axes, 'axes');
      problems.add('unknown-axis', partOf(place, name), `"${reference.stage}" has no axis "${name}"`, {suggestion});
      return null;
    }
    // Switched off: there are no values to know, and nothing to select from.
    if (producers.all.length === 0) continue;
    const values = producers.values(name);
    const value = valueNamed(values, written);
    if (value === undefined) {
      const suggestion = didYouMeanOrKnown(written, values, 'values');
      const message = `the axis "${name}" of "${reference.stage}" has no value "${written}"`;
      problems.add('unknown-axis-value', partOf(place, written), message, {suggestion});
      return null;
    }
    fixed[name] = value;
  }
  return {drafts: producers.with(fixed), fixed};
};
