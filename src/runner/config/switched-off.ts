import type {StageOff} from '../graph.ts';
import {emptyAxis} from './matrix.ts';
import type {Scope} from './names.ts';
import type {StageSpec} from './stage-spec.ts';
import {varBehind} from './var-behind.ts';

/** Which axis leaves a stage without instances, so that nobody takes the stage for one that does not exist. */
export const switchedOff = ({name, body, combinations}: StageSpec, vars: Scope, file: string): StageOff | null => {
  const matrix = body.entries.get('matrix')?.value;
  if (combinations.length > 0 || matrix?.kind !== 'map') return null;
  const axis = emptyAxis(matrix, vars);
  if (axis === null) return null;
  const {line, column} = axis.at.source.position(axis.at.start);
  const variable = varBehind(vars, axis.at);
  return {
    name,
    axis: axis.name,
    place: `${file}:${line}:${column}`,
    ...(variable === undefined ? {} : {var: variable}),
  };
};
