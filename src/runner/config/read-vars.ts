import {asMap, checkName, field} from './fields.ts';
import type {MapNode} from './nodes.ts';
import {mapNode} from './nodes.ts';
import type {Problems} from './config-error.ts';
import {VarScope} from './scope.ts';
import {SourceText} from './source-text.ts';
import {didYouMeanOrKnown} from './suggest.ts';
import {applySet, overrideVars} from './vars.ts';

interface VarOptions {
  readonly profile: string;
  readonly set: readonly string[];
  readonly problems: Problems;
}

/** `vars`, overridden by the chosen profile, overridden by `--set`. All profiles are checked, chosen or not. */
export const readVars = (top: MapNode, {profile, set, problems}: VarOptions): VarScope => {
  const node = field(top, 'vars');
  const written = node === undefined ? null : asMap(node, 'vars', problems);
  const base = written ?? mapNode(top, new Map());
  for (const [name, {key}] of base.entries) {
    if (name === 'params') problems.add('bad-name', key, 'a var cannot be called "params": ${params.x} means a param');
    else checkName(name, 'var', key, problems);
  }

  const profilesNode = field(top, 'profiles');
  const profiles = profilesNode === undefined ? null : asMap(profilesNode, 'profiles', problems);
  let vars = base;
  for (const [name, {key, value}] of profiles?.entries ?? []) {
    checkName(name, 'profile', key, problems);
    if (name === 'default') problems.add('bad-name', key, '"default" is the profile without overrides: change vars');
    if (value.kind === 'scalar' && value.value === null) continue;
    const over = asMap(value, `the profile "${name}"`, problems);
    if (over === null) continue;
    const overridden = overrideVars(base, over, problems);
    if (name === profile) vars = overridden;
  }
  if (profile !== '' && profiles?.entries.has(profile) !== true) {
    const option = new SourceText('--profile', profile, true);
    const suggestion = didYouMeanOrKnown(profile, [...(profiles?.entries.keys() ?? [])], 'profiles');
    problems.add(
      'unknown-profile',
      {source: option, start: 0, end: profile.length},
      `there is no profile "${profile}"`,
      {
        suggestion: suggestion ?? 'The pipeline has no profiles',
      },
    );
  }
  for (const option of set) vars = applySet(vars, option, problems);

  const scope = new VarScope(vars, problems);
  for (const [name, {key}] of vars.entries) scope.lookup(name, key);
  return scope;
};
