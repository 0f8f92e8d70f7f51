import {arities} from '../../contract/arity.ts';
import type {InputSource, InstanceInput} from '../graph.ts';
import type {ConfigErrorCode, ErrorDetails, Problems} from './config-error.ts';
import type {Draft} from './draft.ts';
import {checkInputs} from './arity.ts';
import {asText, checkName, field, wrongType} from './fields.ts';
import {globBase, globMatches, globReaches, isGlob} from './glob.ts';
import type {Node} from './nodes.ts';
import type {OutputIndex, OwnedOutput} from './output-index.ts';
import {normalizePath} from './paths.ts';
import {parseReference, partOf} from './reference.ts';
import type {InstanceSet} from './select-instances.ts';
import {selectInstances} from './select-instances.ts';
import type {Place} from './source-text.ts';
import {substitute, substituteItems} from './substitute.ts';
import {didYouMeanOrKnown} from './suggest.ts';
import {varBehind} from './var-behind.ts';

/** What inputs are looked up in. */
export interface World {
  readonly root: string;
  /** null: a stage with errors of its own; what refers to it is not complained about. */
  readonly stages: ReadonlyMap<string, InstanceSet | null>;
  readonly outputs: OutputIndex;
  readonly problems: Problems;
}

export interface ResolvedInputs {
  readonly inputs: readonly InstanceInput[];
  /** Instances that write what is read, with the place that says so. */
  readonly needs: ReadonlyMap<Draft, Place>;
}

export const resolveInputs = (reader: Draft, world: World): ResolvedInputs => new Resolver(reader, world).resolve();

class Resolver {
  readonly #reader: Draft;
  readonly #world: World;
  readonly #problems: Problems;
  readonly #needs = new Map<Draft, Place>();
  /** An axis value that the other stage lacks leaves an optional input empty. */
  #isOptional = false;

  constructor(reader: Draft, world: World) {
    this.#reader = reader;
    this.#world = world;
    this.#problems = world.problems;
  }

  resolve(): ResolvedInputs {
    const {spec} = this.#reader;
    const node = field(spec.body, 'in');
    const written = node === undefined ? [] : this.#written(node);
    const resolved = written.map(({name, key, value}) => {
      const before = this.#problems.count;
      const arity = spec.command.kind === 'typed' ? spec.command.definition.inputs[name] : undefined;
      this.#isOptional = arity !== undefined && arities[arity].least === 0;
      const sources = this.#sources(value);
      return {name, key, value, sources, failed: this.#problems.count > before || sources === null};
    });
    const inputs = resolved.map(({name, sources}) => ({name, sources: sources ?? []}));
    if (spec.command.kind !== 'typed' || node?.kind === 'list') return {inputs, needs: this.#needs};
    return {inputs: checkInputs(resolved, spec.command, node, this.#problems), needs: this.#needs};
  }

  #written(node: Node): {name: string; key: Place; value: Node}[] {
    const isTyped = this.#reader.spec.command.kind === 'typed';
    if (node.kind === 'map') {
      return [...node.entries].flatMap(([name, {key, value}]) => {
        if (!checkName(name, 'input', key, this.#problems)) return [];
        const replaced =
          value.kind === 'list' ? substituteItems(value, this.#reader.scope) : substitute(value, this.#reader.scope);
        return replaced === null ? [] : [{name, key, value: replaced}];
      });
    }
    if (node.kind === 'list' && !isTyped) {
      const items = substituteItems(node, this.#reader.scope)?.items ?? [];
      return items.map((value, index) => ({name: String(index), key: value, value}));
    }
    const expected = isTyped ? 'a map of input name: path or "@stage.output"' : 'a list of paths, or a map name: path';
    const isText = node.kind === 'scalar' && typeof node.value === 'string' && !isTyped;
    wrongType(this.#problems, node, 'in', expected, {suggestion: isText ? `Write [${node.value}]` : undefined});
    return [];
  }

  /** null: something in it could not be resolved, with or without a new complaint. */
  #sources(value: Node): readonly InputSource[] | null {
    if (value.kind === 'list') {
      const lists = value.items.map(item => this.#sources(item));
      return lists.includes(null) ? null : lists.flatMap(list => list!);
    }
    const text = asText(value, 'an input', this.#problems);
    if (text === null) return null;
    return text.startsWith('@') ? this.#reference(text, value) : this.#path(text, value);
  }

  #reference(text: string, place: Place): readonly InputSource[] | null {
    const reference = parseReference(text, place, this.#problems);
    if (reference === null) return null;
    const producers = this.#world.stages.get(reference.stage);
    if (producers === undefined) {
      const suggestion = didYouMeanOrKnown(reference.stage, [...this.#world.stages.keys()], 'stages');
      return this.#fail('unknown-stage', partOf(place, reference.stage), `unknown stage "${reference.stage}"`, {
        suggestion,
      });
    }
    if (producers === null) return null;
    const selected = selectInstances(producers, reference, this.#reader, place, this.#problems);
    if (selected === null) return null;
    const isOff = producers.all.length === 0;
    if (selected.drafts.length === 0 && !isOff && !this.#isOptional) {
      const wanted = Object.entries(selected.fixed).map(([name, chosen]) => `${name}=${chosen}`);
      return this.#fail(
        'unknown-axis-value',
        place,
        `"${reference.stage}" has no instance with ${wanted.join(',')}, which ${this.#reader.id} reads`,
        {suggestion: `Select others by {axis=value}, or give both stages the same values`},
      );
    }
    const sources: InputSource[] = [];
    for (const draft of selected.drafts) {
      const outputs = draft.outputs.filter(({name}) => reference.output === null || name === reference.output);
      if (outputs.length === 0) return this.#unknownOutput(draft, reference.output, place);
      this.#need(draft, place);
      for (const {name, path} of outputs) {
        sources.push({kind: 'output', instance: draft.id, output: name, path, axis: draft.axis});
      }
    }
    return sources;
  }

  #unknownOutput(draft: Draft, name: string | null, place: Place): null {
    const known = draft.outputs.map(output => output.name);
    const stage = draft.spec.name;
    if (!draft.hasAllOutputs) return null;
    if (known.length === 0) return this.#fail('unknown-output', place, `the stage "${stage}" has no outputs`);
    const message = `the stage "${stage}" has no output "${name}"`;
    const suggestion = didYouMeanOrKnown(name ?? '', known, 'outputs');
    return this.#fail('unknown-output', partOf(place, name ?? ''), message, {suggestion});
  }

  #path(text: string, place: Place): readonly InputSource[] | null {
    const path = normalizePath(text, this.#world.root);
    const name = varBehind(this.#reader.scope, place);
    const from = name === undefined ? {} : {var: name};
    if (isGlob(path)) {
      for (const output of this.#world.outputs.within(globBase(path))) {
        const isOwn = output.owner === this.#reader;
        if (globMatches(path, output.path) || (!isOwn && globReaches(path, output.path)))
          this.#edge(output, place, text);
      }
      const outer = this.#world.outputs.exact(globBase(path)) ?? this.#world.outputs.containing(globBase(path));
      if (outer !== null) this.#edge(outer, place, text);
      return [{kind: 'path', path, glob: true, ...from}];
    }
    const exact = this.#world.outputs.exact(path);
    if (exact !== null) {
      this.#edge(exact, place, text);
      const {owner, name} = exact;
      return [{kind: 'output', instance: owner.id, output: name, path, axis: owner.axis}];
    }
    const outer = this.#world.outputs.containing(path);
    if (outer !== null) this.#edge(outer, place, text);
    for (const inner of this.#world.outputs.within(path)) this.#edge(inner, place, text);
    return [{kind: 'path', path, glob: false, ...from}];
  }

  #edge(output: OwnedOutput, place: Place, text: string): void {
    if (output.owner !== this.#reader) return this.#need(output.owner, place);
    const message =
      output.path === text
        ? `the stage reads "${text}", which it writes itself`
        : `the stage reads "${text}", which holds its own output "${output.path}"`;
    this.#problems.add('reads-own-output', place, message);
  }

  #need(draft: Draft, place: Place): void {
    if (!this.#needs.has(draft)) this.#needs.set(draft, place);
  }

  #fail(code: ConfigErrorCode, place: Place, message: string, details: ErrorDetails = {}): null {
    this.#problems.add(code, place, message, details);
    return null;
  }
}
