import type {PublishedTable} from '../paper/published-table.ts';
import type {Published} from '../results.ts';

/** LRC-BERT (Fu et al., AAAI 2021, arXiv 2012.07335). No table could be read in the paper itself. */
const paper = 'LRC-BERT';

export const lrc1: PublishedTable = {
  paper,
  number: 'Table 1',
  about: '4 layers, 14.5 M parameters, GLUE test server; one reader says dev',
  columns: ['MNLI-m', 'MNLI-mm', 'QQP', 'SST-2', 'QNLI', 'MRPC', 'RTE', 'CoLA', 'STS-B', 'Avg'],
  rows: {
    'BERT-base (teacher)': [84.3, 83.8, 71.4, 93.6, 90.9, 88.0, 66.4, 53.0, 84.8, 79.6],
    'DistilBERT, 4 layers': [78.9, 78.0, 68.5, 91.4, 85.2, 82.4, 54.1, 32.8, 76.1, 71.9],
    'BERT-PKD, 4 layers': [79.9, 79.3, 70.2, 89.4, 85.1, 82.6, 62.3, 24.8, 79.8, 72.6],
    'TinyBERT, 4 layers': [82.5, 81.8, 71.3, 92.6, 87.7, 86.4, 62.9, 43.3, 79.9, 76.5],
    'LRC-BERT': [83.1, 82.7, 72.2, 92.9, 88.7, 87.0, 63.1, 46.5, 81.2, 77.5],
  },
  verified: false,
  read: {
    'BERT-base (teacher)': ['Avg'],
    'DistilBERT, 4 layers': 'all',
    'BERT-PKD, 4 layers': 'all',
    'LRC-BERT': ['MNLI-m'],
  },
  source: "memory, readers' notes, and TinyBERT's Table 1 for DistilBERT and BERT-PKD",
  notes: [
    "Each row's mean of nine gives its printed average. The TinyBERT row is that of an earlier version of TinyBERT.",
  ],
};

export const lrc2: PublishedTable = {
  paper,
  number: 'Table 2',
  about: 'size and inference time; batch and machine are not known',
  columns: ['Layers', 'Hidden', 'Feed-forward', 'Parameters (M)', 'Seconds', 'Speed-up'],
  rows: {'BERT-base (teacher)': [12, 768, 3072, 109, 121.4, 1.0], 'LRC-BERT': [4, 312, 1200, 14.5, 12.7, 9.6]},
  verified: false,
  read: {
    'BERT-base (teacher)': ['Layers', 'Hidden', 'Feed-forward', 'Parameters (M)', 'Speed-up'],
    'LRC-BERT': ['Layers', 'Hidden', 'Feed-forward', 'Parameters (M)', 'Speed-up'],
  },
  source: "readers' notes; memory for the seconds",
};

export const lrc3: PublishedTable = {
  paper,
  number: 'Table 3',
  about: 'each loss left out, dev',
  columns: ['MNLI-m', 'MNLI-mm', 'MRPC', 'CoLA'],
  rows: {
    'LRC-BERT': [null, null, null, 50.0],
    'without COS-NCE': [null, null, null, 37.0],
    'without soft labels': [null, null, null, null],
    'without hard labels': [null, null, null, null],
  },
  verified: false,
  source: "a reader's note",
  notes: ['The paper prints the other cells too; their numbers were not found.'],
};

export const lrc4: PublishedTable = {
  paper,
  number: 'Table 4',
  about: 'two stages of training against all losses from the start, dev',
  columns: ['MNLI-m', 'MNLI-mm', 'MRPC', 'CoLA'],
  rows: {'LRC-BERT, two stages': [null, null, null, null], 'one stage': ['−4.0', null, null, null]},
  verified: false,
  source: "a reader's note",
  notes: ['Whether the published difference is in points or per cent is not known.'],
};

export const lrc5: PublishedTable = {
  paper,
  number: 'Table 5',
  about: 'the angle of hidden states matched, against their mean squared error',
  columns: ['MNLI-m', 'MNLI-mm', 'MRPC', 'CoLA'],
  rows: {'LRC-BERT, angle': [null, null, null, null], 'mean squared error': [null, null, null, null]},
  verified: false,
  source: 'only that the table exists is known',
};

const source = "readers' notes of the paper";

export default [
  {
    paper,
    what: "Share of the teacher's average that is kept",
    value: '97.4 %',
    verified: false,
    source,
    ours: 'average-kept',
  },
  {paper, what: 'Size of the teacher against the student', value: '7.5×', verified: false, source, ours: 'size-ratio'},
  {paper, what: 'Speed against the teacher', value: '9.6×', verified: false, source, ours: 'speed-ratio'},
] satisfies Published[];
