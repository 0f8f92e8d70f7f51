import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {StageJob} from '../../contract/job.ts';
import type {InputFile} from '../../contract/stage.ts';
import type {StageClosure} from '../code/stage-closure.ts';
import type {Tool} from '../code/tool.ts';
import type {Graph, Instance, TypedCommand} from '../graph.ts';
import {guardFlags} from '../hermetic/guard-flags.ts';
import {stageReach} from '../hermetic/stage-reach.ts';
import {inRoot} from '../inspect.ts';
import {expandGlob} from '../key/expand-glob.ts';
import {temporaryName} from '../state/write-atomically.ts';
import {moveIntoPlace} from '../store/move-into-place.ts';
import type {PreparedJob} from './prepared-job.ts';

interface TypedJob {
  readonly graph: Graph;
  readonly instance: Instance;
  readonly command: TypedCommand;
  /** Absolute path of the compiled stage. */
  readonly module: string;
  readonly closure: StageClosure;
  readonly tool: Tool;
  readonly downloads: string;
  readonly engineFolders: readonly string[];
  /** Where engines keep compiled graphs, by the hash of what they compute, for later jobs. */
  readonly graphs?: string;
  readonly tmp: string;
  /** For a job that outlives the runner: the same place for the next one. Default: a new folder in `tmp`. */
  readonly folder?: string | undefined;
  /** It was started by an earlier run, and what is laid out for it must stay as it is. */
  readonly isUnderWay?: boolean;
  readonly scratch: string;
}

/** A typed stage is told temporary places, and what it wrote there is renamed when all of it is there. */
export const prepareTyped = ({graph, instance, command, module, tmp, scratch, ...rest}: TypedJob): PreparedJob => {
  const {root} = graph.pipeline;
  const {folder = path.join(tmp, temporaryName()), isUnderWay = false, graphs, ...code} = rest;
  const outputs = instance.outputs.map(output => ({
    output,
    // A folder for each, since two outputs may have the same file name in different places.
    writtenTo: path.join(folder, 'out', output.name, path.posix.basename(output.path)),
  }));
  for (const {writtenTo} of outputs) mkdirSync(path.dirname(writtenTo), {recursive: true});
  const temporary = path.join(folder, 'tmp');
  mkdirSync(temporary, {recursive: true});
  mkdirSync(scratch, {recursive: true});
  const job: StageJob = {
    schema: 1,
    stage: instance.stage,
    axis: instance.axis,
    type: command.type,
    module,
    params: instance.params,
    inputs: Object.fromEntries(instance.inputs.map(input => [input.name, inputFiles(graph, input.sources)])),
    outputs: Object.fromEntries(outputs.map(({output, writtenTo}) => [output.name, writtenTo])),
    threads: instance.resources.cpus,
    scratch,
    pipeline: {
      name: graph.pipeline.name,
      profile: graph.pipeline.profile,
      stages: graph.stages.map(({name, type, needs, instances}) => ({name, type, needs, instances: instances.length})),
    },
  };
  const file = path.join(folder, 'job.json');
  if (!isUnderWay) writeFileSync(file, JSON.stringify(job, null, 2));
  const remove = (): void => rmSync(folder, {recursive: true, force: true});
  // Node grants a folder with what is in it only where it is there already.
  if (graphs !== undefined) mkdirSync(graphs, {recursive: true});
  const reach = stageReach({job, folder, root, ...code});
  const writes = [...reach.writes, ...(graphs === undefined ? [] : [graphs])];
  const guard = instance.hermetic === false ? [] : guardFlags({...reach, writes});
  return {
    argv: [process.execPath, ...guard, '--enable-source-maps', code.tool.worker, file],
    // Its own: the machine's is not to be read from.
    env: {TMPDIR: temporary, ...(graphs === undefined ? {} : {DISTILL_GRAPHS: graphs})},
    reads: [code.tool.worker, module, file],
    outputs,
    publish() {
      for (const {output, writtenTo} of outputs) moveIntoPlace(writtenTo, inRoot(root, output.path), tmp);
    },
    discard: remove,
    cleanUp: remove,
  };
};

const inputFiles = ({pipeline, instances}: Graph, sources: Instance['inputs'][number]['sources']): InputFile[] =>
  sources.flatMap((source): InputFile[] => {
    if (source.kind === 'output') {
      const stage = instances.find(({id}) => id === source.instance)?.stage;
      return [{path: inRoot(pipeline.root, source.path), axis: source.axis, ...(stage === undefined ? {} : {stage})}];
    }
    const files = source.glob ? expandGlob(pipeline.root, source.path) : [source.path];
    return files.map(file => ({path: inRoot(pipeline.root, file), axis: {}}));
  });
