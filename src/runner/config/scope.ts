import type {Problems} from './config-error.ts';
import type {MapNode, Node} from './nodes.ts';
import type {Scope} from './names.ts';
import type {Place} from './source-text.ts';
import {didYouMeanOrKnown} from './suggest.ts';
import {expandRanges} from './range.ts';
import {substitute, wholeReference} from './substitute.ts';

/** Reports an unknown name with the nearest known one, or with how to reach a shell variable. */
export const reportUnknown = (problems: Problems, name: string, place: Place, known: readonly string[]): null => {
  const shellLike = /^[A-Z][A-Z0-9_]*$/.test(name)
    ? `For the shell's variable write $${name} or $\${${name}}`
    : undefined;
  const suggestion = shellLike ?? didYouMeanOrKnown(name, known, 'names');
  problems.add('unknown-name', place, `unknown name "${name}" in \${}`, {suggestion});
  return null;
};

/** The vars of a pipeline. They may refer to each other in any order; a circle is an error. */
export class VarScope implements Scope {
  readonly problems: Problems;
  readonly #vars: MapNode;
  /** Names whose values are being worked out, the outermost first. */
  readonly #path: string[] = [];
  /** null: it has failed, and why has been said. */
  readonly #known = new Map<string, Node | null>();

  constructor(vars: MapNode, problems: Problems) {
    this.#vars = vars;
    this.problems = problems;
  }

  has(name: string): boolean {
    return this.#vars.entries.has(name);
  }

  isVar(name: string): boolean {
    return this.has(name.split('.')[0]!);
  }

  names(): string[] {
    return [...this.#vars.entries.keys()];
  }

  lookup(name: string, place: Place): Node | null {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#path.includes(name)) {
      const circle = [...this.#path.slice(this.#path.indexOf(name)), name].join(' → ');
      this.problems.add('var-cycle', place, `vars refer to each other in a circle: ${circle}`);
      return null;
    }
    this.#path.push(name);
    const found = this.#descend(name, place);
    const replaced = found === null ? null : substitute(found, this);
    const value = replaced === null ? null : expandRanges(replaced, this.problems);
    this.#path.pop();
    // A name that is not there is reported wherever it is used; a value that is wrong, once, where it is written.
    if (found !== null) this.#known.set(name, value);
    return value;
  }

  #descend(name: string, place: Place): Node | null {
    let here: Node = this.#vars;
    const steps = name.split('.');
    for (const [index, step] of steps.entries()) {
      const inner = here.kind === 'scalar' ? wholeReference(here) : null;
      if (inner !== null) {
        const target = this.lookup(inner.name, inner.place);
        if (target === null) return null;
        here = target;
      }
      const next = childOf(expandRanges(here, this.problems), step);
      if (next === null) {
        const before = steps.slice(0, index).map(part => `${part}.`);
        const known = here.kind === 'map' ? [...here.entries.keys()].map(key => before.join('') + key) : [];
        return reportUnknown(this.problems, name, place, known);
      }
      here = next;
    }
    return here;
  }
}

/** Names that hide those outside: axis values (`${seed}`) or params (`${params.unit}`). */
export class InnerScope implements Scope {
  readonly problems: Problems;
  /** null: the value is wrong, which has been reported. */
  readonly #values: ReadonlyMap<string, Node | null>;
  readonly #outer: Scope;

  constructor(values: ReadonlyMap<string, Node | null>, outer: Scope) {
    this.problems = outer.problems;
    this.#values = values;
    this.#outer = outer;
  }

  has(name: string): boolean {
    return this.#values.has(name) || this.#outer.has(name);
  }

  isVar(name: string): boolean {
    return !this.#values.has(name.split('.')[0]!) && this.#outer.isVar(name);
  }

  names(): string[] {
    const inner = [...this.#values].flatMap(([name, node]) =>
      node?.kind === 'map' && node.entries.size === 0 ? [] : [name],
    );
    return [...inner, ...this.#outer.names()];
  }

  lookup(name: string, place: Place): Node | null {
    const [first, ...steps] = name.split('.');
    let here = this.#values.get(first!);
    if (here === null) return null;
    if (here === undefined) {
      if (this.#outer.has(first!)) return this.#outer.lookup(name, place);
      return reportUnknown(this.problems, name, place, this.names());
    }
    for (const step of steps) {
      const next = childOf(here, step);
      if (next === null) {
        const known = here.kind === 'map' ? [...here.entries.keys()].map(key => `${first}.${key}`) : [];
        return reportUnknown(this.problems, name, place, known);
      }
      here = next;
    }
    return here;
  }
}

const childOf = (node: Node, step: string): Node | null => {
  if (node.kind === 'map') return node.entries.get(step)?.value ?? null;
  if (node.kind === 'list' && /^\d+$/.test(step)) return node.items[Number(step)] ?? null;
  return null;
};
