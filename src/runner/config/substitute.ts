import type {ListNode, Node, ScalarNode} from './nodes.ts';
import {describe, listNode, mapNode, placedAt, scalarNode} from './nodes.ts';
import type {Scope} from './names.ts';
import {QuoteScanner, quoteIn} from './shell-quote.ts';
import type {Place} from './source-text.ts';

/** Texts and lists may double at each step of a chain of vars; these bounds stop that long before memory does. */
const maximalText = 1_000_000;
const maximalSize = 2_000_000;

const pattern = /\$\$\{|\$\{([^}]*)(\}?)/g;
const namePattern = /^[A-Za-z_][\w-]*(\.[\w-]+)*$/;

/**
 * Replaces `${name}` in all texts of a value. A text that is nothing but one `${name}` becomes that value with its
 * type; `$${` stands for `${`. null when a name was unknown: that has been reported.
 */
export const substitute = (node: Node, scope: Scope): Node | null => {
  if (!node.dynamic) return node;
  if (node.kind === 'scalar') return substituteText(node, scope);
  if (node.kind === 'list')
    return checkedSize(
      combine(
        node,
        node.items.map(item => substitute(item, scope)),
      ),
      scope,
    );
  let complete = true;
  const entries = new Map(node.entries);
  for (const [key, entry] of node.entries) {
    const value = substitute(entry.value, scope);
    if (value === null) complete = false;
    else entries.set(key, {key: entry.key, value});
  }
  return complete ? checkedSize(mapNode(node, entries), scope) : null;
};

/** As `substitute`, but an item that is one `${list}` is replaced by the items of that list. */
export const substituteItems = (list: ListNode, scope: Scope): ListNode | null => {
  const items = list.items.flatMap(item => {
    const value = substitute(item, scope);
    return item.kind === 'scalar' && value?.kind === 'list' ? value.items.map(inner => placedAt(inner, item)) : [value];
  });
  return combine(list, items);
};

/** `${name}` and nothing else: the name and its place. */
export const wholeReference = (node: ScalarNode): {name: string; place: Place} | null => {
  if (typeof node.value !== 'string') return null;
  const match = /^\$\{([^}]*)\}$/.exec(node.value);
  return match === null ? null : {name: match[1]!.trim(), place: placeOf(node, match[0], 0).place};
};

/** Shell text: each value is quoted so that it stays one word; a list becomes several words. */
export const substituteShell = (node: ScalarNode, scope: Scope): string | null => {
  const scanner = new QuoteScanner();
  return replaceAll(node, scope, {
    onText: text => scanner.read(text),
    onValue: (value, name, place) => {
      const context = scanner.context;
      scanner.skipValue();
      if (value.kind !== 'list') return quoteScalar(value, name, place, scope, text => quoteIn(context, text));
      if (context === 'plain') {
        const words = value.items.map(item => quoteScalar(item, name, place, scope, text => quoteIn('plain', text)));
        return words.includes(null) ? null : words.join(' ');
      }
      return quoteScalar(value, name, place, scope, text => text);
    },
  });
};

const combine = (list: ListNode, items: readonly (Node | null)[]): ListNode | null =>
  items.includes(null) ? null : listNode(list, items as readonly Node[]);

const checkedSize = <T extends Node>(node: T | null, scope: Scope): T | null => {
  if (node === null || node.size <= maximalSize) return node;
  scope.problems.add('too-large', node, `substitution makes more than ${maximalSize} values here`);
  return null;
};

const substituteText = (node: ScalarNode, scope: Scope): Node | null => {
  const whole = wholeReference(node);
  if (whole !== null && namePattern.test(whole.name)) {
    const value = scope.lookup(whole.name, whole.place);
    return value === null ? null : placedAt(value, node);
  }
  const text = replaceAll(node, scope, {
    onText: () => {},
    onValue: (value, name, place) => quoteScalar(value, name, place, scope, plain => plain),
  });
  // Built by hand: a `$${` that became `${` must not be looked at again.
  return text === null ? null : {...scalarNode(node, text), dynamic: false};
};

interface Replacer {
  readonly onText: (text: string) => void;
  readonly onValue: (value: Node, name: string, place: Place) => string | null;
}

const replaceAll = (node: ScalarNode, scope: Scope, {onText, onValue}: Replacer): string | null => {
  const text = String(node.value);
  let result = '';
  let done = 0;
  let searchFrom = 0;
  let failed = false;
  const keep = (piece: string): void => {
    onText(piece);
    result += piece;
  };
  for (const match of text.matchAll(pattern)) {
    keep(text.slice(done, match.index));
    done = match.index + match[0].length;
    const {place, next} = placeOf(node, match[0], searchFrom);
    searchFrom = next;
    const replaced = match[0] === '$${' ? null : replaceOne(match, place, scope, onValue);
    if (match[0] === '$${') keep('${');
    else if (replaced === null) failed = true;
    else result += replaced;
    if (result.length > maximalText) {
      scope.problems.add('too-large', node, `substitution makes a text of more than ${maximalText} characters`);
      return null;
    }
  }
  keep(text.slice(done));
  return failed ? null : result;
};

const replaceOne = (
  match: RegExpExecArray,
  place: Place,
  scope: Scope,
  onValue: Replacer['onValue'],
): string | null => {
  const name = (match[1] ?? '').trim();
  if (match[2] === '' || !namePattern.test(name)) {
    scope.problems.add(
      'bad-reference',
      place,
      match[2] === '' ? 'this ${ is never closed' : `not a name in ${match[0]}`,
      {
        expected: '${name} or ${name.key}',
        suggestion: 'For a literal ${ write $${',
      },
    );
    return null;
  }
  const value = scope.lookup(name, place);
  return value === null ? null : onValue(value, name, place);
};

const quoteScalar = (
  value: Node,
  name: string,
  place: Place,
  scope: Scope,
  quote: (text: string) => string,
): string | null => {
  if (value.kind === 'scalar' && value.value !== null) return quote(String(value.value));
  const suggestion =
    value.kind === 'map' && value.entries.size > 0
      ? `Name one of its values: \${${name}.${value.entries.keys().next().value}}`
      : undefined;
  scope.problems.add('wrong-type', place, `\${${name}} cannot stand inside a text`, {
    expected: 'a text, number, true or false',
    found: describe(value),
    suggestion,
  });
  return null;
};

/** Where `raw` is written: escapes and folded lines move offsets, so it is looked for in the source itself. */
const placeOf = (node: ScalarNode, raw: string, from: number): {place: Place; next: number} => {
  const at = node.source.text.indexOf(raw, Math.max(node.start, from));
  if (at === -1 || at >= node.end) return {place: node, next: from};
  return {place: {source: node.source, start: at, end: at + raw.length}, next: at + raw.length};
};
