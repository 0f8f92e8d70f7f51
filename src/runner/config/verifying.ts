import type {Tolerance} from '../../contract/stage.ts';
import type {Instance} from '../graph.ts';
import {asBoolean, asMap, asNumber, checkKeys, field} from './fields.ts';
import type {Scope} from './names.ts';
import type {StageSpec} from './stage-spec.ts';
import {substitute} from './substitute.ts';

/** What `pipeline verify` may expect of a stage. */
export type Verifying = Pick<Instance, 'reproducible' | 'tolerance'>;

const names = ['relative', 'absolute'] as const;

/** `reproducible:` and `tolerance:` of the stage, else what its type declares. */
export const readVerifying = ({body, command}: StageSpec, scope: Scope): Verifying => {
  const {problems} = scope;
  const type = command.kind === 'typed' ? command.definition : undefined;
  const read = (name: 'reproducible' | 'tolerance') => {
    const node = field(body, name);
    return node === undefined ? null : substitute(node, scope);
  };
  const flag = read('reproducible');
  const limits = read('tolerance');
  const reproducible = flag === null ? undefined : (asBoolean(flag, 'reproducible', problems) ?? undefined);
  if (reproducible === false && limits !== null) {
    const place = body.entries.get('tolerance')!.key;
    problems.add('contradiction', place, 'tolerance is for what is reproducible: give one of the two');
  }
  const map = limits === null ? null : asMap(limits, 'tolerance', problems);
  if (map !== null) {
    checkKeys(map, names, 'tolerance', problems);
    const tolerance: Record<keyof Tolerance, number> = {relative: 0, absolute: 0};
    for (const name of names) {
      const value = field(map, name);
      if (value !== undefined) tolerance[name] = asNumber(value, name, {whole: false, min: 0}, problems) ?? 0;
    }
    return {tolerance};
  }
  if (reproducible ?? type?.reproducible ?? true)
    return type?.tolerance === undefined ? {} : {tolerance: type.tolerance};
  return {reproducible: false};
};
