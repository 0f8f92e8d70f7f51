import type {StageTypes} from '../../runner/config/stage-types.ts';
import {reference, typeSchemas, type TypeSchemas} from './type-schema.ts';

const orReference = (schema: object): object => ({anyOf: [schema, reference]});

const paths = {
  anyOf: [
    {type: 'string'},
    {type: 'array', items: {type: 'string'}},
    {type: 'object', additionalProperties: {anyOf: [{type: 'string'}, {type: 'array', items: {type: 'string'}}]}},
  ],
};

const cluster = {
  description: "How a cluster's scheduler is asked for room (--executor slurm). Never part of a key.",
  anyOf: [
    {
      type: 'object',
      additionalProperties: false,
      properties: {
        partition: {type: 'string'},
        account: {type: 'string'},
        qos: {type: 'string'},
        prologue: {description: 'Lines of bash that run on the node before the job.', type: 'string'},
        options: {description: 'Further options of sbatch.', type: 'array', items: {type: 'string'}},
        patienceSeconds: orReference({type: 'number', minimum: 0}),
      },
    },
    reference,
  ],
  examples: [{partition: 'gpu', account: 'lab', prologue: 'module load nodejs'}],
};

const stageSchema = ({type, conditions}: TypeSchemas) => ({
  type: 'object',
  additionalProperties: false,
  oneOf: [{required: ['run']}, {required: ['type']}],
  properties: {
    run: {
      description:
        'A shell command, run by /bin/sh in the project root. `${params.unit}` is replaced and quoted as one word.',
      type: 'string',
      examples: ['wc -w data/in.txt > out/words-${seed}.txt'],
    },
    type: {
      description: 'A stage type: the name of a file in stages/, without its extension.',
      ...type,
      examples: ['train-student'],
    },
    in: {
      description:
        'Files, folders, globs, or outputs of other stages: "@stage", "@stage.output", "@stage{axis=value}.output".',
      ...paths,
      examples: [['data/in.txt'], {sentences: '@clean.sentences'}],
    },
    out: {
      description: 'What a shell stage writes; for a typed stage other places than artifacts/<stage>/.',
      ...paths,
      examples: [['out/words-${seed}.txt']],
    },
    params: {description: "Values that belong to the stage's key.", type: 'object', examples: [{unit: 'word'}]},
    matrix: {
      description: 'Axes and their values: one instance for each combination. `range` includes both ends.',
      anyOf: [
        {
          type: 'object',
          additionalProperties: {anyOf: [{type: 'array'}, {type: 'object', required: ['range']}, reference]},
        },
        reference,
      ],
      examples: [{seed: [1, 2, 3]}, {seed: {range: [1, 20]}}],
    },
    exclude: {
      description: 'Combinations of the matrix to leave out.',
      type: 'array',
      items: {type: 'object'},
      examples: [[{seed: 3}]],
    },
    env: {
      description: 'Environment variables whose values belong to the key.',
      type: 'array',
      items: {type: 'string'},
      examples: [['LANG']],
    },
    resources: {
      description: 'What one job may use while it runs.',
      anyOf: [
        {
          type: 'object',
          additionalProperties: false,
          properties: {
            cpus: orReference({type: 'integer', minimum: 1}),
            memoryMb: orReference({type: 'number', exclusiveMinimum: 0}),
            gpus: orReference({type: 'integer', minimum: 0}),
            minutes: orReference({type: 'number', exclusiveMinimum: 0}),
          },
        },
        reference,
      ],
      examples: [{cpus: 1, memoryMb: 2000, gpus: 0, minutes: 60}],
    },
    cluster,
    hermetic: {
      description:
        'Whether a job is kept from reading what it does not declare. On for stage types; for a shell command true checks it with strace.',
      ...orReference({type: 'boolean'}),
      examples: [false],
    },
    frozen: {description: 'Never rerun, even if stale.', ...orReference({type: 'boolean'}), examples: [false]},
    always: {description: 'Rerun each time.', ...orReference({type: 'boolean'}), examples: [false]},
    retries: {
      description: 'How often a job that failed is started again.',
      ...orReference({type: 'integer', minimum: 0}),
      examples: [1],
    },
    timeoutMinutes: {
      description: 'A job that takes longer is stopped.',
      ...orReference({type: 'number', exclusiveMinimum: 0}),
      examples: [120],
    },
    reproducible: {
      description: '`pipeline verify` compares what running again writes; false for what takes times.',
      ...orReference({type: 'boolean'}),
      examples: [true],
    },
    tolerance: {
      description:
        'How far numbers may be apart in `pipeline verify`: |again - recorded| <= absolute + relative * |recorded|.',
      anyOf: [
        {
          type: 'object',
          additionalProperties: false,
          properties: {
            relative: orReference({type: 'number', minimum: 0}),
            absolute: orReference({type: 'number', minimum: 0}),
          },
        },
        reference,
      ],
      examples: [{relative: 1e-6}],
    },
  },
  allOf: conditions,
});

/**
 * JSON Schema of pipeline.yaml, for completion and hints in editors. It knows the stage types of the project; which
 * stages, axes and vars there are is checked by the command itself, with the place of each mistake.
 */
export const pipelineSchema = async (types: StageTypes, tell: (message: string) => void) => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'pipeline.yaml of distill-pipeline',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'stages'],
  properties: {
    version: {description: 'Of this grammar.', const: 1},
    name: {description: "The pipeline's name; default: the name of the file.", type: 'string'},
    vars: {description: 'Values for ${name}. Only those that a stage uses belong to its key.', type: 'object'},
    profiles: {
      description: '`--profile name` overrides vars.',
      type: 'object',
      additionalProperties: {type: 'object'},
    },
    cluster,
    remote: {
      description:
        'Where `pipeline push` and `pull` share outputs: a folder, or s3://BUCKET/PATH. Never part of a key.',
      type: 'string',
      examples: ['../shared-outputs', 's3://lab/distil'],
    },
    stages: {
      description: 'The DAG, by name.',
      type: 'object',
      additionalProperties: stageSchema(await typeSchemas(types, tell)),
    },
  },
});
