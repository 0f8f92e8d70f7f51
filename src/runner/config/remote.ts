import {asText, field} from './fields.ts';
import type {MapNode} from './nodes.ts';
import type {Scope} from './names.ts';
import {substitute} from './substitute.ts';

/** `remote:` of the pipeline: the address of the place that `push` and `pull` use. Never part of a key. */
export const readRemote = (top: MapNode, scope: Scope): {readonly remote?: string} => {
  const node = field(top, 'remote');
  const replaced = node === undefined ? null : substitute(node, scope);
  const remote = replaced === null ? null : asText(replaced, 'remote', scope.problems);
  return remote === null ? {} : {remote};
};
