/** Where GLUE's files are published: paths at https://dl.fbaipublicfiles.com, by the folder that a task's files lie in. */
export type GlueSource =
  | {readonly kind: 'zip'; readonly path: string}
  /** Not an archive: the file itself, under its published name. */
  | {readonly kind: 'file'; readonly path: string; readonly name: string}
  /** Made of Microsoft's two files and the list of pairs that are its dev set. */
  | {readonly kind: 'mrpc'; readonly train: string; readonly test: string; readonly devIds: string};

export const glueServer = 'https://dl.fbaipublicfiles.com';

const zip = (name: string): GlueSource => ({kind: 'zip', path: `/glue/data/${name}.zip`});

/** The list of GLUE-baselines' download_glue_data.py, where the URLs of QQP and STS-B stand the wrong way round. */
export const glueSources: Readonly<Record<string, GlueSource>> = {
  CoLA: zip('CoLA'),
  'SST-2': zip('SST-2'),
  MRPC: {
    kind: 'mrpc',
    train: '/senteval/senteval_data/msr_paraphrase_train.txt',
    test: '/senteval/senteval_data/msr_paraphrase_test.txt',
    devIds: '/glue/data/mrpc_dev_ids.tsv',
  },
  'STS-B': zip('STS-B'),
  QQP: zip('QQP-clean'),
  MNLI: zip('MNLI'),
  // Version 2, re-split in 2019.
  QNLI: zip('QNLIv2'),
  RTE: zip('RTE'),
  WNLI: zip('WNLI'),
  diagnostic: {kind: 'file', path: '/glue/data/AX.tsv', name: 'diagnostic.tsv'},
};

/** Tasks of src/tasks whose files make up each folder. */
export const glueTasks: Readonly<Record<string, readonly string[]>> = {
  CoLA: ['cola'],
  'SST-2': ['sst-2'],
  MRPC: ['mrpc'],
  'STS-B': ['sts-b'],
  QQP: ['qqp'],
  MNLI: ['mnli', 'mnli-mm'],
  QNLI: ['qnli'],
  RTE: ['rte'],
  WNLI: ['wnli'],
  diagnostic: ['ax'],
};
