import {expect, test} from 'vitest';
import type {Instance} from '../../src/runner/graph.ts';
import {graphOf, instance} from './scratch.ts';

const head = 'vars: {data: {glue: data/glue, pair: [a.txt, b.txt]}, folders: ["${data.glue}"], task: rte}';

const varsOf = ({inputs}: Instance): (string | undefined)[] =>
  inputs.flatMap(({sources}) => sources.map(source => (source.kind === 'path' ? source.var : 'no path')));

const varsIn = async (inputs: string, stage = ''): Promise<(string | undefined)[]> => {
  const graph = await graphOf(`a: {run: x, in: ${inputs}, out: [out]${stage}}`, {}, head);
  return varsOf(instance(graph, graph.instances[0]!.id));
};

test.each<[string, (string | undefined)[]]>([
  ['["${data.glue}"]', ['data.glue']],
  ['["${folders}"]', ['data.glue']],
  ['["${data.glue}/dev.tsv", data/in.txt]', ['data.glue', undefined]],
  ['["${data.pair}"]', ['data.pair', 'data.pair']],
  ['["${data.glue}/*.tsv"]', ['data.glue']],
  ['[data/glue, "data/$${data.glue}"]', [undefined, undefined]],
])('the var that gives a path: %s', async (inputs, vars) => {
  expect(await varsIn(inputs)).toEqual(vars);
});

test('axis values and params are no vars, but may come from one', async () => {
  expect(await varsIn('["in/${task}.txt"]', ', matrix: {task: [sst]}')).toEqual([undefined]);
  expect(await varsIn('["in/${params.task}.txt"]', ', params: {task: "${task}"}')).toEqual(['task']);
});

test('also where --set has given another', async () => {
  const graph = await graphOf('a: {run: x, in: ["${folders}"], out: [out]}', {set: ['data.glue=../glue']}, head);
  expect(varsOf(instance(graph, 'a'))).toEqual(['data.glue']);
  expect(instance(graph, 'a').inputs[0]?.sources[0]?.path).toBe('../glue');
});
