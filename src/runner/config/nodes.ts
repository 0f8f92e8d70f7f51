import type {Place} from './source-text.ts';

/** A YAML value with the place it was written at. Aliases are resolved; what `${}` produced stands at its use. */
export type Node = ScalarNode | ListNode | MapNode;

interface NodeFacts extends Place {
  /** Number of values in it, itself included: shared parts count each time, so that a bomb of aliases shows. */
  readonly size: number;
  /** Holds a `$` that substitution must look at. */
  readonly dynamic: boolean;
}

export interface ScalarNode extends NodeFacts {
  readonly kind: 'scalar';
  readonly value: Scalar;
}

export interface ListNode extends NodeFacts {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends NodeFacts {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly key: Place;
  readonly value: Node;
}

export type Scalar = string | number | boolean | null;

export const scalarNode = (place: Place, value: Scalar): ScalarNode => ({
  kind: 'scalar',
  source: place.source,
  start: place.start,
  end: place.end,
  size: 1,
  dynamic: typeof value === 'string' && value.includes('${'),
  value,
});

export const listNode = (place: Place, items: readonly Node[]): ListNode => {
  let size = 1;
  let dynamic = false;
  for (const item of items) {
    size += item.size;
    dynamic ||= item.dynamic;
  }
  return {kind: 'list', source: place.source, start: place.start, end: place.end, size, dynamic, items};
};

export const mapNode = (place: Place, entries: ReadonlyMap<string, MapEntry>): MapNode => {
  let size = 1;
  let dynamic = false;
  for (const {value} of entries.values()) {
    size += value.size;
    dynamic ||= value.dynamic;
  }
  return {kind: 'map', source: place.source, start: place.start, end: place.end, size, dynamic, entries};
};

/** The same value at another place: errors in a substituted value point at where it is used. */
export const placedAt = (node: Node, place: Place): Node => ({
  ...node,
  source: place.source,
  start: place.start,
  end: place.end,
});

/** The plain JSON value. */
export const valueOf = (node: Node): unknown => {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(valueOf);
  const value: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) value[key] = valueOf(entry.value);
  return value;
};

/** The node at a path, or the deepest one there is on the way. */
export const nodeAt = (node: Node, path: readonly PropertyKey[]): Node => {
  let here = node;
  for (const step of path) {
    const next =
      here.kind === 'map'
        ? here.entries.get(String(step))?.value
        : here.kind === 'list'
          ? here.items[Number(step)]
          : undefined;
    if (next === undefined) return here;
    here = next;
  }
  return here;
};

/** For messages: `"abc" (string)`, `5 (number)`, `a list`, `nothing`. */
export const describe = (node: Node): string => {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  if (node.value === null) return 'nothing';
  const shown = JSON.stringify(node.value);
  return `${shown.length > 60 ? `${shown.slice(0, 59)}…` : shown} (${typeof node.value})`;
};
