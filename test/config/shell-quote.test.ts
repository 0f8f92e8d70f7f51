import {execFileSync} from 'node:child_process';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {quoteWord} from '../../src/runner/config/shell-quote.ts';
import {graphOf} from './scratch.ts';

const commandFor = async (run: string, value: unknown): Promise<string> => {
  // A `${` of the value itself must not be read as a reference.
  const written = typeof value === 'string' ? value.replaceAll('${', () => '$${') : value;
  const stage = JSON.stringify({run, params: {v: written}});
  const [only] = (await graphOf(`a: ${stage}`)).instances;
  return only!.command.kind === 'shell' ? only!.command.text : '';
};

test('safe words stay as they are, others are quoted once', () => {
  expect(['a/b_c-1.txt', 'x=1', 'a b', "it's", '', '$HOME', '~', 'a\nb'].map(quoteWord)).toEqual([
    'a/b_c-1.txt',
    'x=1',
    "'a b'",
    "'it'\\''s'",
    "''",
    "'$HOME'",
    "'~'",
    "'a\nb'",
  ]);
});

test('the quotes around a reference are respected', async () => {
  expect(await commandFor('echo ${params.v} "${params.v}" \'${params.v}\'', 'a $b')).toBe(
    `echo 'a $b' "a \\$b" 'a $b'`,
  );
  expect(await commandFor(`echo "x'y ${'${params.v}'}"`, "it's")).toBe(`echo "x'y it's"`);
  expect(await commandFor('echo "$(cat ${params.v})" # it\'s\ncat ${params.v}', 'a b')).toBe(
    `echo "$(cat 'a b')" # it's\ncat 'a b'`,
  );
  expect(await commandFor('cat ${params.v}', ['a b', 'c'])).toBe(`cat 'a b' c`);
});

// One shell prints every value in each kind of quotes, NUL-separated: what comes out must be what went in.
test('whatever the value, the shell sees exactly one word with that text', async () => {
  const values = fc.sample(
    fc.string({unit: 'binary', maxLength: 12}).filter(value => !value.includes('\0') && !/\p{Surrogate}/u.test(value)),
    150,
  );
  values.push(...fc.sample(fc.string({unit: fc.constantFrom(...'\'"\\$`!#() \n*~a{}'.split('')), maxLength: 10}), 150));
  const template = `p() { printf '%s\\0' "$#" "$@"; }; p \${params.v}; p "\${params.v}"; p '\${params.v}'; p "a\\"$(printf %s \${params.v}; printf x)"; p a"b"\${params.v}`;
  const commands: string[] = [];
  for (const value of values) commands.push(await commandFor(template, value));
  const printed = execFileSync('/bin/sh', ['-c', commands.join('\n')], {encoding: 'utf8', maxBuffer: 1e8}).split('\0');
  const expected = values.flatMap(value => ['1', value, '1', value, '1', value, '1', `a"${value}x`, '1', `ab${value}`]);
  expect(printed.slice(0, -1)).toEqual(expected);
});
