import {modelColumns, speedNotes} from '../paper/model-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {lrc2} from '../published/lrc-bert.ts';

export default definePaperTable({
  title: 'LRC-BERT, Table 2: size and speed',
  published: lrc2,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'stars',
  timed: true,
  columns: [
    {name: 'Layers', measure: modelColumns.layers, digits: 0},
    {name: 'Hidden', measure: modelColumns.hidden, digits: 0},
    {name: 'Feed-forward', measure: modelColumns.feedForward, digits: 0},
    {name: 'Parameters (M)', measure: modelColumns.parameters},
    {name: 'Seconds', measure: modelColumns.seconds},
    {name: 'Speed-up', measure: modelColumns.speedUp},
  ],
  rows: [
    {name: 'BERT-base (teacher)', arm: 'teacher'},
    {name: 'LRC-BERT', arm: 'lrc-bert'},
  ],
  notes: speedNotes,
});
