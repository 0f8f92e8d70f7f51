import type {Axis, OutputSpec} from '../../contract/stage.ts';
import type {Pipeline} from '../graph.ts';
import {asText, checkName, field, wrongType} from './fields.ts';
import type {Node} from './nodes.ts';
import {axisLabel} from './path-names.ts';
import {outputPath} from './paths.ts';
import type {Scope} from './names.ts';
import type {Place} from './source-text.ts';
import type {StageSpec} from './stage-spec.ts';
import {substitute, substituteItems} from './substitute.ts';
import {didYouMeanOrKnown} from './suggest.ts';

export interface PlacedOutput {
  readonly name: string;
  readonly path: string;
  readonly place: Place;
}

export interface Outputs {
  readonly outputs: readonly PlacedOutput[];
  /** False when some could not be read: a reference to one that is missing is then not complained about. */
  readonly complete: boolean;
}

/** What one instance writes: as written for a shell stage, by the stage type for a typed one unless `out` overrides. */
export const readOutputs = (spec: StageSpec, axis: Axis, scope: Scope, pipeline: Pipeline): Outputs => {
  const node = field(spec.body, 'out');
  const written = node === undefined ? new Map<string, Node>() : writtenOutputs(node, spec, scope);
  const outputs: PlacedOutput[] = [];
  let complete = spec.command.kind !== 'unknown' && written !== null && ![...written.values()].includes(null);
  const add = (name: string, text: string, place: Place): void => {
    const path = outputPath(text, place, pipeline, scope.problems);
    if (path === null) complete = false;
    else outputs.push({name, path, place});
  };
  for (const [name, value] of written ?? []) {
    const text = value === null ? null : asText(value, 'an output', scope.problems);
    if (value === null || text === null) complete = false;
    else add(name, text, value);
  }
  if (spec.command.kind === 'typed') {
    const {outputs: declared} = spec.command.definition;
    for (const [name, output] of Object.entries(declared)) {
      if (written?.has(name) !== true) add(name, defaultPath(output, spec, axis, pipeline), spec.command.at);
    }
    // In the order of the stage type, whatever the order of `out`.
    const order = Object.keys(declared);
    outputs.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  }
  return {outputs, complete};
};

const defaultPath = (output: OutputSpec, spec: StageSpec, axis: Axis, pipeline: Pipeline): string => {
  const folder = [spec.name, ...(spec.axes.length === 0 ? [] : [axisLabel(axis)])].join('/');
  if (typeof output === 'string') return `${pipeline.artifactsDir}/${folder}/${output}`;
  // A report stage with a matrix would write one file many times.
  return spec.axes.length === 0
    ? `${pipeline.reportsDir}/${output.file}`
    : `${pipeline.reportsDir}/${folder}/${output.file}`;
};

/** By name; null values and a null map stand for what could not be read, which has been reported. */
const writtenOutputs = (node: Node, spec: StageSpec, scope: Scope): Map<string, Node | null> | null => {
  const {problems} = scope;
  const names = spec.command.kind === 'typed' ? Object.keys(spec.command.definition.outputs) : null;
  if (node.kind === 'list') {
    const items = substituteItems(node, scope)?.items;
    if (items === undefined) return null;
    if (names !== null && items.length !== names.length) {
      const message = `a list in out has a path for each of the ${names.length} outputs, in their order`;
      problems.add('unknown-output', node, message, {expected: names.join(', '), found: `${items.length}`});
      return null;
    }
    return new Map(items.map((item, index) => [names?.[index] ?? String(index), item]));
  }
  if (node.kind === 'scalar') {
    wrongType(problems, node, 'out', 'a list of paths or a map name: path', {
      suggestion: typeof node.value === 'string' ? `Write [${node.value}]` : undefined,
    });
    return null;
  }
  const outputs = new Map<string, Node | null>();
  for (const [name, {key, value}] of node.entries) {
    if (names !== null && !names.includes(name)) {
      const suggestion = didYouMeanOrKnown(name, names, 'outputs');
      problems.add('unknown-output', key, `the stage type has no output "${name}"`, {suggestion});
    } else outputs.set(name, checkName(name, 'output', key, problems) ? substitute(value, scope) : null);
  }
  return outputs;
};
