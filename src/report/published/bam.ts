import type {PublishedTable} from '../paper/published-table.ts';
import type {Published} from '../results.ts';

/** BAM (Clark et al., ACL 2019, arXiv 1907.04829); tables are counted as in that version, not as on OpenReview. */
const paper = 'BAM';
const about = 'BERT-Large, GLUE dev, medians over at least 20 seeds';

export const bam1: PublishedTable = {
  paper,
  number: 'Table 1',
  about,
  columns: ['Avg', 'CoLA', 'SST-2', 'MRPC', 'STS-B', 'QQP', 'MNLI', 'QNLI', 'RTE'],
  rows: {
    Single: [84.0, 60.6, 93.2, 88.0, 90.0, 91.3, 86.6, 92.3, 70.4],
    Multi: [85.5, 60.3, 93.3, 88.0, 89.8, 91.4, 86.5, 92.2, 82.1],
    'Single→Single': [84.3, 61.7, 93.2, 88.7, 90.0, 91.4, 86.8, 92.5, 70.0],
    'Multi→Multi': [85.6, 60.9, 93.5, 88.1, 89.8, 91.5, 86.7, 92.3, 82.0],
    'Single→Multi': [86.0, 61.8, 93.6, 89.3, 89.7, 91.6, 87.0, 92.5, 82.8],
  },
  stars: {
    'Single→Single': {CoLA: '**', MRPC: '*', QQP: '**', MNLI: '**', QNLI: '***'},
    'Multi→Multi': {QQP: '*'},
    'Single→Multi': {
      Avg: '***',
      CoLA: '**',
      'SST-2': '*',
      MRPC: '**',
      QQP: '*',
      MNLI: '***',
      QNLI: '***',
      RTE: '*',
    },
  },
  verified: false,
  read: {Single: 'all', Multi: ['Avg'], 'Single→Single': ['RTE'], 'Single→Multi': ['Avg', 'RTE']},
  source:
    'memory; the row Single as reprinted by ELECTRA and RoBERTa, two averages and two RTE scores from images of other tables of the paper',
  notes: [
    'Published stars: p < .05, .01, .001 for an improvement over both Single and Multi; all of them are unverified.',
  ],
};

export const bam3: PublishedTable = {
  paper,
  number: 'Table 3',
  about: `single-task fine-tuning after multi-task training, ${about}`,
  columns: ['Avg'],
  rows: {
    Multi: [85.5],
    'Multi, then single-task fine-tuning': ['+0.3'],
    'Single→Multi': [86.0],
    'Single→Multi, then single-task fine-tuning': ['+0.1'],
  },
  verified: true,
  source: "an image of the paper's table",
  notes: ['In the paper each improvement has p < .01 by Mann-Whitney U tests.'],
};

export const bam4: PublishedTable = {
  paper,
  number: 'Table 4',
  about: `ablations as differences, ${about}`,
  columns: ['Avg'],
  rows: {
    'Single→Multi': [86.0],
    'No layer-wise learning rates': ['−0.3'],
    'No task sampling': ['−0.4'],
    'No teacher annealing, λ = 0': ['−0.5'],
    'No teacher annealing, λ = 0.5': ['−0.3'],
  },
  verified: true,
  source: "an image of the paper's table",
  notes: ['In the paper each difference has p < .001 by Mann-Whitney U tests.'],
};

export const bam5: PublishedTable = {
  paper,
  number: 'Table 5',
  about: 'RTE dev by the tasks trained with; Single→Multi, for RTE alone Single→Single',
  columns: ['RTE'],
  rows: {RTE: [70.0], 'RTE, MNLI': [83.4], 'RTE, QQP, CoLA, SST-2': [75.1], 'All of GLUE': [82.8]},
  verified: true,
  source: "an image of the paper's table",
  notes: ['In the paper the pairwise differences have p < .01 by Mann-Whitney U tests.'],
};

/** Table 2 is one submission beside others'. */
export default [
  {
    paper,
    what: 'GLUE score on the test sets, BERT-Large + BAM (Table 2)',
    value: '82.3',
    verified: false,
    source: 'memory',
    note: 'The Single→Multi model with the best average dev score of 20 trials; beside BERT-Large with 80.5.',
  },
] satisfies Published[];
