import type {ParsedNode, YAMLError} from 'yaml';
import {isAlias, isMap, isScalar, parseDocument, visit} from 'yaml';
import type {ErrorDetails, Problems} from './config-error.ts';
import type {MapEntry, Node} from './nodes.ts';
import {listNode, mapNode, scalarNode} from './nodes.ts';
import type {Place, SourceText} from './source-text.ts';

/** Values that aliases may expand to: far above any pipeline, far below a bomb that fills the memory. */
const maximalSize = 2_000_000;

/**
 * YAML 1.2 text → located nodes; null when it cannot be used at all (the problems say why). Duplicate keys are looked
 * for here, by a set for each map: the parser's own check compares each key with all before it. `text` is given when
 * only a part of the source is YAML: the same text with the rest blanked, so that offsets stay those of the source.
 */
export const parseYaml = (source: SourceText, problems: Problems, text = source.text): Node | null => {
  const document = parseDocument(text, {uniqueKeys: false, prettyErrors: false, strict: true});
  for (const error of withoutFollowUps([...document.errors, ...document.warnings]))
    reportSyntax(error, source, problems);
  if (document.errors.length > 0 || document.contents === null) return null;

  const anchors = new Map<string, ParsedNode>();
  // An alias means the last anchor of that name before it, so anchors are resolved in the order of the text.
  const targets = new Map<unknown, ParsedNode>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node as ParsedNode);
    },
  });
  return new Converter(source, problems, targets).convert(document.contents);
};

class Converter {
  readonly #source: SourceText;
  readonly #problems: Problems;
  readonly #targets: ReadonlyMap<unknown, ParsedNode>;
  readonly #done = new Map<ParsedNode, Node | null>();
  readonly #busy = new Set<ParsedNode>();

  constructor(source: SourceText, problems: Problems, targets: ReadonlyMap<unknown, ParsedNode>) {
    this.#source = source;
    this.#problems = problems;
    this.#targets = targets;
  }

  convert(node: ParsedNode): Node | null {
    if (isAlias(node)) return this.#alias(node);
    if (node.anchor === undefined) return this.#value(node);
    const known = this.#done.get(node);
    if (known !== undefined) return known;
    this.#busy.add(node);
    const value = this.#value(node);
    this.#busy.delete(node);
    this.#done.set(node, value);
    return value;
  }

  #alias(node: ParsedNode): Node | null {
    const target = this.#targets.get(node);
    const name = isAlias(node) ? node.source : '';
    if (target === undefined) {
      this.#problems.add('bad-reference', this.#place(node), `no anchor &${name} stands before this alias`);
      return null;
    }
    if (this.#busy.has(target)) {
      this.#problems.add('bad-reference', this.#place(node), `alias *${name} stands inside the value that it names`);
      return null;
    }
    return this.#limited(this.convert(target), node);
  }

  #value(node: ParsedNode): Node | null {
    const place = this.#place(node);
    if (isScalar(node)) return this.#scalar(node.value, place);
    if (isMap(node)) return this.#map(node, place);
    const items = (node as Extract<ParsedNode, {items: readonly ParsedNode[]}>).items.map(item => this.convert(item));
    return items.some(item => item === null) ? null : this.#limited(listNode(place, items as Node[]), node);
  }

  #scalar(value: unknown, place: Place): Node | null {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#problems.add('bad-value', place, 'a number must be finite', {found: String(value)});
      return null;
    }
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      const suggestion = 'Put it in quotes to keep its digits';
      this.#problems.add('bad-value', place, 'this whole number is too large to be exact', {suggestion});
      return null;
    }
    if (typeof value === 'string' && value.includes('\0')) {
      this.#problems.add('bad-value', place, 'a text cannot hold the character NUL: no path, command or variable may');
      return null;
    }
    if (value === null || value === undefined) return scalarNode(place, null);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return scalarNode(place, value);
    this.#problems.add('wrong-type', place, 'this kind of value cannot be used', {
      expected: 'a text, number, true, false, list or map',
    });
    return null;
  }

  #map(node: Extract<ParsedNode, {items: readonly {key: unknown}[]}>, place: Place): Node | null {
    const entries = new Map<string, MapEntry>();
    const merged = new Map<string, MapEntry>();
    let complete = true;
    for (const pair of node.items as readonly {key: ParsedNode; value: ParsedNode | null}[]) {
      const key = this.#key(pair.key);
      const keyPlace = this.#place(pair.key);
      const value = pair.value === null ? scalarNode(keyPlace, null) : this.convert(pair.value);
      if (key === null || value === null) complete = false;
      else if (key === '<<' && value.kind === 'map') value.entries.forEach((entry, name) => merged.set(name, entry));
      else if (entries.has(key)) {
        const {line} = this.#source.position(entries.get(key)!.key.start);
        this.#problems.add('duplicate-key', keyPlace, `the key "${key}" is here twice: first in line ${line}`);
      } else entries.set(key, {key: keyPlace, value});
    }
    for (const [name, entry] of merged) if (!entries.has(name)) entries.set(name, entry);
    return complete ? this.#limited(mapNode(place, entries), node) : null;
  }

  #key(node: ParsedNode): string | null {
    const value = isScalar(node) ? node.value : undefined;
    // Assigning to __proto__ would change an object's prototype instead of adding a key.
    if (value !== '__proto__' && ['string', 'number', 'boolean'].includes(typeof value)) return String(value);
    this.#problems.add('bad-name', this.#place(node), 'a key must be a plain text');
    return null;
  }

  #limited<T extends Node | null>(value: T, node: ParsedNode): T | null {
    if (value === null || value.size <= maximalSize) return value;
    this.#problems.add('too-large', this.#place(node), `aliases expand to more than ${maximalSize} values here`);
    return null;
  }

  #place(node: ParsedNode): Place {
    const [start, end] = node.range;
    return {source: this.#source, start, end: Math.max(end, start)};
  }
}

/**
 * Where the document has ended too early, each token that follows is an error of its own to the parser; only the first
 * mistake is the writer's.
 */
const withoutFollowUps = (errors: readonly YAMLError[]): readonly YAMLError[] =>
  errors.filter((error, index) => index === 0 || !strayToken.test(error.message));

const strayToken = /^Unexpected \S+ token in YAML stream/;

const reportSyntax = (error: YAMLError, source: SourceText, problems: Problems): void => {
  const [start, end] = error.pos;
  const place = {source, start: Math.min(start, source.text.length), end};
  if (error.code === 'MULTIPLE_DOCS') {
    problems.add('yaml-syntax', place, 'a second document starts here, and a pipeline is one');
    return;
  }
  if (error.message.includes('call stack')) {
    problems.add('too-large', place, 'values are nested too deeply here');
    return;
  }
  if (strayToken.test(error.message)) {
    problems.add('yaml-syntax', place, ...strayText(source.text.slice(start, end)));
    return;
  }
  const near = source.text.slice(start, end + 40);
  const suggestion =
    near.startsWith('@') || /^\W{0,2}\$\{/.test(near) || source.text.slice(Math.max(0, start - 1), start + 1) === '${'
      ? 'Put it in double quotes: "@stage.output", "${name}"'
      : near.startsWith('\t')
        ? 'Indent with spaces'
        : undefined;
  problems.add('yaml-syntax', place, lowerFirst(error.message.split('\n')[0]!), {suggestion});
};

const strayText = (token: string): [message: string, details: ErrorDetails] => {
  const opening = {'}': '{', ']': '['}[token];
  return opening === undefined
    ? ['the document has ended before this', {suggestion: 'Look at the indentation and brackets of the line before'}]
    : [`this ${token} closes nothing`, {suggestion: `Remove it, or open it with ${opening} before`}];
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
