import {modelColumns, speedNotes} from '../paper/model-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {distilbert3} from '../published/distilbert.ts';

export default definePaperTable({
  title: 'DistilBERT, Table 3: parameters and inference time',
  published: distilbert3,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'stars',
  timed: true,
  columns: [
    {name: 'Parameters (M)', measure: modelColumns.parameters},
    {name: 'Seconds', measure: modelColumns.seconds},
  ],
  rows: [{name: 'ELMo'}, {name: 'BERT-base', arm: 'teacher'}, {name: 'DistilBERT', arm: 'distilbert'}],
  notes: speedNotes,
});
