import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import significance from '../../stages/significance.ts';
import {runStage, scratchFolder} from '../stage-rig.ts';

const scored = (arm: string, values: readonly number[]) =>
  values.map((value, at) => ({task: 'sts-b', split: 'dev', metric: 'spearman', arm, axis: {}, seed: at + 1, value}));

test('tests that few runs cannot carry make no room for others in the correction', async () => {
  const file = path.join(await scratchFolder(), 'scores.json');
  const scores = [
    ...scored('a', [0.8, 0.81, 0.82, 0.83, 0.84]),
    ...scored('b', [0.79, 0.8, 0.815, 0.82, 0.83]),
    ...scored('few', [0.9, 0.91, 0.92]),
    ...scored('once', [0.5]),
    ...scored('other', [0.6]),
  ];
  writeFileSync(file, JSON.stringify({scores}));
  const comparisons = [
    {a: 'a', b: 'b'},
    {a: 'few', b: 'a'},
    {a: 'once', b: 'other'},
    {a: 'a', b: 'once'},
  ];
  const {out} = await runStage(significance, {
    params: {tasks: ['sts-b'], comparisons, resamples: 199},
    in: {scores: file, predictions: []},
  });
  const {tests} = JSON.parse(readFileSync(out.tests, 'utf8')) as {tests: Record<string, unknown>[]};
  const of = (kind: string) =>
    tests.filter(found => found['kind'] === kind).map(({a, b, comparisons}) => [a, b, comparisons]);
  // Each by itself: three runs are left aside, single runs are not tested at all.
  expect(of('bootstrap-median')).toEqual([
    ['a', 'b', 1],
    ['few', 'a', 1],
  ]);
  expect(of('mann-whitney')).toEqual([
    ['a', 'b', 2],
    ['few', 'a', 2],
  ]);
  const decided = tests.find(found => found['kind'] === 'bootstrap-median' && found['a'] === 'a')!;
  expect(decided['adjusted']).toBe(decided['p']);
});

test('who has a partner with just its own axes is compared with no other', async () => {
  const file = path.join(await scratchFolder(), 'scores.json');
  const on = (axis: Record<string, string>, arm: string) =>
    scored(arm, [0.8, 0.81, 0.82, 0.83, 0.84]).map(score => ({...score, axis}));
  const scores = [
    ...['with', 'without'].flatMap(arm => [...on({}, arm), ...on({noise: 'typos'}, arm)]),
    ...on({}, 'plain'),
    ...['500', '1000'].flatMap(labels => on({labels}, 'few')),
  ];
  writeFileSync(file, JSON.stringify({scores}));
  const comparisons = [
    {a: 'with', b: 'without'},
    {a: 'with', b: 'plain'},
    {a: 'plain', b: 'with'},
    {a: 'few', b: 'plain'},
  ];
  const {out} = await runStage(significance, {
    params: {tasks: ['sts-b'], comparisons, tests: ['mann-whitney']},
    in: {scores: file, predictions: []},
  });
  const {tests} = JSON.parse(readFileSync(out.tests, 'utf8')) as {tests: {a: string; b: string; axis: unknown}[]};
  expect(tests.map(({a, b, axis}) => [a, b, axis])).toEqual([
    ['with', 'without', {}],
    ['with', 'without', {noise: 'typos'}],
    ['with', 'plain', {}],
    ['plain', 'with', {}],
    // Numbers of labels against an arm that knows of none: both.
    ['few', 'plain', {}],
    ['few', 'plain', {}],
  ]);
});
