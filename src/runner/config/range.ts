import type {Problems} from './config-error.ts';
import type {MapEntry, MapNode, Node} from './nodes.ts';
import {describe, listNode, mapNode, scalarNode} from './nodes.ts';

const longestRange = 100_000;

/** `{range: [1, 20]}` anywhere in a value becomes the list 1, 2, … 20, both ends included. */
export const expandRanges = (node: Node, problems: Problems): Node => {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') {
    const items = node.items.map(item => expandRanges(item, problems));
    return items.some((item, index) => item !== node.items[index]) ? listNode(node, items) : node;
  }
  if (isRange(node)) return expandRange(node, problems);
  let changed = false;
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) {
    const value = expandRanges(entry.value, problems);
    changed ||= value !== entry.value;
    entries.set(key, {key: entry.key, value});
  }
  return changed ? mapNode(node, entries) : node;
};

/** A map with `range` as its only key. */
export const isRange = (node: MapNode): boolean => node.entries.size === 1 && node.entries.has('range');

const expandRange = (node: MapNode, problems: Problems): Node => {
  const bounds = node.entries.get('range')!.value;
  const [first, last] = bounds.kind === 'list' && bounds.items.length === 2 ? bounds.items.map(wholeNumber) : [];
  if (first == null || last == null || last < first || last - first >= longestRange) {
    problems.add('bad-value', bounds, 'not a range', {
      expected: `two whole numbers [first, last], first not above last, at most ${longestRange} values`,
      found: bounds.kind === 'list' ? `[${bounds.items.map(describe).join(', ')}]` : describe(bounds),
    });
    return listNode(node, []);
  }
  return listNode(
    node,
    Array.from({length: last - first + 1}, (_, index) => scalarNode(node, first + index)),
  );
};

const wholeNumber = (node: Node): number | null =>
  node.kind === 'scalar' && Number.isInteger(node.value) ? (node.value as number) : null;
