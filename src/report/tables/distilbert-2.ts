import {definePaperTable} from '../paper/paper-table.ts';
import {distilbert2} from '../published/distilbert.ts';

/** IMDb's test labels are public, SQuAD's are not: as in the paper. */
export default definePaperTable({
  title: 'DistilBERT, Table 2: IMDb and SQuAD',
  published: distilbert2,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'stars',
  columns: [
    {name: 'IMDb', measure: {kind: 'score', task: 'imdb', metric: 'accuracy', splits: ['test', 'dev']}, digits: 2},
    {name: 'SQuAD EM', measure: {kind: 'score', task: 'squad', metric: 'exact-match'}},
    {name: 'SQuAD F1', measure: {kind: 'score', task: 'squad', metric: 'f1'}},
  ],
  rows: [
    {name: 'BERT-base', arm: 'teacher'},
    {name: 'the same student without distillation', arm: 'finetune'},
    {name: 'DistilBERT', arm: 'distilbert', against: ['finetune']},
    {name: 'DistilBERT (D)', arm: 'distilbert-twice', against: ['distilbert']},
  ],
});
