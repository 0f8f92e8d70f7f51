import type {ClusterSettings} from '../../contract/resources.ts';
import type {Axis} from '../../contract/stage.ts';
import type {Instance, Pipeline, ShellCommand, TypedCommand} from '../graph.ts';
import {readHermetic} from './hermetic.ts';
import {readCluster} from './cluster.ts';
import type {Combination} from './matrix.ts';
import type {PlacedOutput} from './outputs.ts';
import {readOutputs} from './outputs.ts';
import {checkParams, readParams} from './params.ts';
import {axisLabel} from './path-names.ts';
import type {Scope} from './names.ts';
import {InnerScope} from './scope.ts';
import type {Settings} from './settings.ts';
import {readSettings} from './settings.ts';
import {readVerifying, type Verifying} from './verifying.ts';
import type {StageSpec} from './stage-spec.ts';
import {substituteShell} from './substitute.ts';
import type {Node} from './nodes.ts';
import {valueOf} from './nodes.ts';

/** An instance of which everything but its inputs is known: inputs may name outputs of any other. */
export interface Draft {
  readonly id: string;
  readonly spec: StageSpec;
  readonly axis: Axis;
  readonly command: ShellCommand | TypedCommand;
  readonly params: Readonly<Record<string, unknown>>;
  readonly settings: Settings & Verifying & Pick<Instance, 'hermetic' | 'cluster'>;
  readonly outputs: readonly PlacedOutput[];
  readonly hasAllOutputs: boolean;
  /** What `${}` means in its inputs. */
  readonly scope: Scope;
}

export const draftInstance = (
  spec: StageSpec,
  {axis, values}: Combination,
  vars: Scope,
  pipeline: Pipeline,
  cluster: ClusterSettings,
): Draft => {
  const params = readParams(spec, new InnerScope(values, vars));
  const scope = new InnerScope(new Map<string, Node | null>(values).set('params', params), vars);
  const uses = params === null ? [] : checkParams(spec, params, scope);
  const label = axisLabel(axis);
  const {outputs, complete} = readOutputs(spec, axis, scope, pipeline);
  return {
    id: label === '' ? spec.name : `${spec.name}@${label}`,
    spec,
    axis,
    command: resolveCommand(spec, uses, scope),
    params: params === null ? {} : (valueOf(params) as Record<string, unknown>),
    settings: {
      ...readSettings(spec.body, scope),
      ...readVerifying(spec, scope),
      ...readHermetic(spec, scope),
      ...clusterOf(spec, scope, cluster),
    },
    outputs,
    hasAllOutputs: complete,
    scope,
  };
};

/** The stage's own settings over those of the pipeline. */
const clusterOf = ({name, body}: StageSpec, scope: Scope, common: ClusterSettings): Pick<Instance, 'cluster'> => {
  const cluster = {...common, ...readCluster(body, `the stage "${name}"`, scope)};
  return Object.keys(cluster).length === 0 ? {} : {cluster};
};

const resolveCommand = ({command}: StageSpec, uses: readonly string[], scope: Scope): ShellCommand | TypedCommand => {
  switch (command.kind) {
    case 'shell':
      return {kind: 'shell', text: substituteShell(command.run, scope) ?? ''};
    case 'typed':
      return {kind: 'typed', type: command.type, uses: [...uses], engine: command.definition.engine};
    case 'unknown':
      return {kind: 'shell', text: ''};
  }
};
