import {Command, Option} from '@commander-js/extra-typings';
import {openHere} from './open.ts';
import {fileOption, jsonOption, profileOption, setOption} from './options.ts';
import {printResult} from './output.ts';
import type {Graph, StageNode} from '../runner/graph.ts';

export const graphCommand = () =>
  new Command('graph')
    .description('print the stages and what they read from each other')
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['mermaid', 'dot', 'json'] as const)
        .default('mermaid' as const),
    )
    .addOption(jsonOption('the same as --format json: stages, instances, outputs'))
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addHelpText('after', examples)
    .action(async options => {
      const {graph} = await openHere(options);
      printResult(formats[options.json ? 'json' : options.format](graph));
    });

const label = ({name, type, instances}: StageNode): string[] => [
  name,
  ...(type === null || type === name ? [] : [type]),
  ...(instances.length > 1 ? [`× ${instances.length}`] : []),
];

/** Stage names may be words of the diagram's own language (`end`), so nodes are numbered. */
const mermaid = ({stages}: Graph): string => {
  const number = new Map(stages.map(({name}, index) => [name, index]));
  const text = (node: StageNode): string => label(node).join('<br/>').replaceAll('"', '#quot;');
  return [
    'flowchart LR',
    ...stages.map((node, index) => `  s${index}["${text(node)}"]`),
    ...stages.flatMap((node, index) => node.needs.map(need => `  s${number.get(need)} --> s${index}`)),
  ].join('\n');
};

const dot = ({stages}: Graph): string =>
  [
    'digraph pipeline {',
    '  rankdir=LR;',
    '  node [shape=box];',
    ...stages.map(node => `  ${JSON.stringify(node.name)} [label=${JSON.stringify(label(node).join('\n'))}];`),
    ...stages.flatMap(({name, needs}) => needs.map(need => `  ${JSON.stringify(need)} -> ${JSON.stringify(name)};`)),
    '}',
  ].join('\n');

const json = ({pipeline: {name, profile}, stages, instances}: Graph): string =>
  JSON.stringify(
    {
      pipeline: name,
      profile,
      stages: stages.map(({name, type, needs}) => ({name, type, needs})),
      instances: instances.map(({id, stage, axis, needs, outputs}) => ({id, stage, axis, needs, outputs})),
    },
    null,
    2,
  );

const formats = {mermaid, dot, json};

const examples = `
Examples:
  pipeline graph                          mermaid, for a markdown file
  pipeline graph --format dot | dot -Tsvg > graph.svg
  pipeline graph --json                   also every instance of a matrix, and what it writes`;
