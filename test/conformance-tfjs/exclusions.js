import {readFileSync} from 'node:fs';
import {parse} from 'yaml';

/**
 * excluded.yaml: a list of {reason, files?, tests?}. A failure in one of `files`, or of one of `tests` (full names, as the
 * runner prints them), is excluded for that reason. A test that is named and passes is an error of the list.
 */
export const readExclusions = () => {
  const groups = parse(readFileSync(new URL('excluded.yaml', import.meta.url), 'utf8'));
  const [byFile, byName] = [new Map(), new Map()];
  for (const {reason, files = [], tests = []} of groups) {
    for (const file of files) byFile.set(file, reason);
    for (const test of tests) byName.set(test, reason);
  }
  const fileOf = name => name.split(' | ')[0];
  return {
    reasons: groups.map(({reason}) => reason),
    reasonFor: name => byName.get(name) ?? byFile.get(fileOf(name)) ?? null,
    names: name => byName.has(name),
    unknown: names => {
      const [known, files] = [new Set(names), new Set(names.map(fileOf))];
      return [
        ...[...byName.keys()].filter(name => !known.has(name)),
        ...[...byFile.keys()].filter(file => !files.has(file)),
      ];
    },
  };
};
