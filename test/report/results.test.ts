import {expect, test} from 'vitest';
import {fc} from '../seeded.ts';
import {formatResults} from '../../src/report/format-results.ts';
import {parseResults} from '../../src/report/parse-results.ts';
import {experiment, results, runs} from './fixture.ts';

test('one score a line', () =>
  expect(formatResults(results(runs('topic', 'ltd', [0.72, 1 / 3])))).toMatchInlineSnapshot(`
    "{
      "schema": 1,
      "pipeline": "pipeline",
      "profile": "",
      "headline": {"a":"ltd","b":"plain"},
      "scores": [
        {"task":"topic","split":"dev","metric":"accuracy","arm":"ltd","axis":{},"seed":1,"value":0.72},
        {"task":"topic","split":"dev","metric":"accuracy","arm":"ltd","axis":{},"seed":2,"value":0.3333333333333333}
      ],
      "tests": [],
      "distillation": [],
      "sizes": null,
      "published": []
    }
    "
  `));

test('what is written is read back, whatever order it came in', () => {
  const all = experiment();
  const text = formatResults(all);
  fc.assert(
    fc.property(fc.shuffledSubarray([...all.scores], {minLength: all.scores.length}), scores => {
      expect(formatResults({...all, scores})).toBe(text);
    }),
    {numRuns: 20},
  );
  expect(formatResults(parseResults(text, 'here'))).toBe(text);
});

test('fields that a later version adds are kept', () => {
  const text = formatResults({...results([]), later: {a: 1}});
  expect(parseResults(text, 'here')).toMatchObject({later: {a: 1}});
});

test('a file that is no results.json says where and what', () => {
  expect(() => parseResults('{"schema":1', 'reports/results.json at HEAD')).toThrow(
    /^reports\/results.json at HEAD isn't JSON: /,
  );
  expect(() =>
    parseResults('{"schema":1,"pipeline":"p","profile":"","scores":[{"task":1}],"tests":[],"published":[]}', 'r.json'),
  ).toThrowErrorMatchingInlineSnapshot(`
    [InputError: r.json isn't what was expected:
      scores.0.task: Invalid input: expected string, received number
      scores.0.split: Invalid input: expected string, received undefined
      scores.0.metric: Invalid input: expected string, received undefined
      scores.0.arm: Invalid input: expected string, received undefined
      scores.0.seed: Invalid input: expected number, received undefined
      … and 1 more]
  `);
});

test('a newer schema is refused, an older one filled in', () => {
  expect(() => parseResults('{"schema":2}', 'r.json')).toThrow(
    'r.json has schema 2, and this version reads up to 1: it was written by a newer version',
  );
  const old = '{"scores":[{"task":"topic","arm":"ltd","value":0.7,"seed":1},{"task":"topic","arm":"ltd","value":0.8}]}';
  expect(parseResults(old, 'r.json')).toMatchObject({
    schema: 1,
    tests: [],
    sizes: null,
    scores: [{split: 'dev', metric: 'score', seed: 1, axis: {}}, {seed: null}],
  });
});
