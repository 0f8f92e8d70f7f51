import type {Published} from '../results.ts';

/**
 * LTD-BERT's own figures (Tencent QQ's announcement, January 2020): all that its text says in numbers. Its two result
 * tables are pictures that could not be found.
 */
const source = 'text of the announcement (jiqizhixin, January 2020)';
const paper = 'LTD-BERT';

export default [
  {
    paper,
    what: 'Size of the student',
    value: '22M',
    verified: true,
    source,
    note: 'The text does not say whether megabytes or parameters; the ratio below fits megabytes.',
    ours: 'student-size',
  },
  {
    paper,
    what: 'Storage against the teacher',
    value: 'about 1/20',
    verified: true,
    source,
    note: 'Its teacher is BERT-base.',
    ours: 'size-ratio',
  },
  {
    paper,
    what: 'Speed of prediction against the teacher',
    value: 'more than 80×',
    verified: true,
    source,
    note: 'On a machine with 4 CPU cores; batch and length are not given.',
    ours: 'speed-ratio',
  },
  {
    paper,
    what: 'Sentences distilled from',
    value: 'millions',
    verified: true,
    source,
    ours: 'sentences',
  },
] satisfies Published[];
