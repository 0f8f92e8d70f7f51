import type {Instance} from '../graph.ts';
import {asBoolean, field} from './fields.ts';
import type {Scope} from './names.ts';
import type {StageSpec} from './stage-spec.ts';
import {substitute} from './substitute.ts';

/** `hermetic:` where it differs from what holds without it: on for typed stages, off for shell stages. */
export const readHermetic = ({body, command}: StageSpec, scope: Scope): Pick<Instance, 'hermetic'> => {
  const node = field(body, 'hermetic');
  const replaced = node === undefined ? null : substitute(node, scope);
  const hermetic = replaced === null ? null : asBoolean(replaced, 'hermetic', scope.problems);
  return hermetic === null || hermetic === (command.kind === 'typed') ? {} : {hermetic};
};
