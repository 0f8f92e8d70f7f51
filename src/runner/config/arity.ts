import {arities, type Arity} from '../../contract/arity.ts';
import type {InputSource, InstanceInput} from '../graph.ts';
import type {Problems} from './config-error.ts';
import type {Node} from './nodes.ts';
import type {Place} from './source-text.ts';
import type {SpecCommand} from './stage-spec.ts';
import {didYouMeanOrKnown} from './suggest.ts';

interface WrittenInput {
  readonly name: string;
  readonly key: Place;
  readonly value: Node;
  readonly sources: readonly InputSource[] | null;
  /** Complained about already. */
  readonly failed: boolean;
}

/** The inputs of a typed stage against what its type declares, in the declared order; optional ones may be empty. */
export const checkInputs = (
  written: readonly WrittenInput[],
  command: Extract<SpecCommand, {kind: 'typed'}>,
  node: Node | undefined,
  problems: Problems,
): InstanceInput[] => {
  const {inputs: declared} = command.definition;
  const names = Object.keys(declared);
  for (const {name, key} of written) {
    if (names.includes(name)) continue;
    const suggestion = names.length === 0 ? 'It takes none' : didYouMeanOrKnown(name, names, 'inputs');
    problems.add('unknown-input', key, `the stage type "${command.type}" has no input "${name}"`, {suggestion});
  }
  const missing = names.filter(
    name => arities[declared[name]!].least > 0 && !written.some(input => input.name === name),
  );
  // A map that failed as a whole has been complained about; its inputs are not missing besides.
  if (missing.length > 0 && (node === undefined || node.kind === 'map')) {
    const what = missing.map(name => `"${name}"`).join(', ');
    const unread = written.length < (node?.kind === 'map' ? node.entries.size : 0);
    if (!unread) {
      const suggestion = `Write in: {${missing.map(name => `${name}: …`).join(', ')}}`;
      const message = `the stage type "${command.type}" needs the input${missing.length > 1 ? 's' : ''} ${what}`;
      problems.add('missing-input', node ?? command.at, message, {suggestion});
    }
  }
  return names.map(name => {
    const input = written.find(candidate => candidate.name === name);
    if (input !== undefined && !input.failed) checkArity(input, declared[name]!, problems);
    return {name, sources: input?.sources ?? []};
  });
};

const checkArity = ({name, value, sources}: WrittenInput, arity: Arity, problems: Problems): void => {
  if (sources === null) return;
  const {least, most} = arities[arity];
  if (sources.length < least) problems.add('missing-input', value, `the input "${name}" names no file`);
  if (most > 1) return;
  const pattern = sources.find(source => source.kind === 'path' && source.glob);
  if (pattern !== undefined) {
    const message = `the input "${name}" takes one file, and a pattern may match several`;
    problems.add('too-many-inputs', value, message, {found: `"${pattern.path}"`});
  }
  if (sources.length < 2) return;
  const outputs = sources.filter(source => source.kind === 'output');
  const axes = new Set(outputs.flatMap(({axis}) => Object.keys(axis)));
  const severalOutputs = new Set(outputs.map(({output}) => output)).size > 1;
  problems.add('too-many-inputs', value, `the input "${name}" takes one file, and this names ${sources.length}`, {
    found: sources.slice(0, 3).map(label).join(', ') + (sources.length > 3 ? ', …' : ''),
    suggestion: severalOutputs
      ? `Name one output: @${outputs[0]!.instance.split('@')[0]}.${outputs[0]!.output}`
      : axes.size > 0
        ? `Select one with {${[...axes].map(axis => `${axis}=…`).join(',')}}, or give this stage the same matrix axes`
        : undefined,
  });
};

const label = (source: InputSource): string =>
  source.kind === 'path' ? source.path : `${source.instance}.${source.output}`;
