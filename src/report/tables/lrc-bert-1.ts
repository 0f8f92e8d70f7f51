import {glue, nineColumnAverage} from '../paper/glue-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {lrc1} from '../published/lrc-bert.ts';

export default definePaperTable({
  title: 'LRC-BERT, Table 1: GLUE against other small students',
  published: lrc1,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'stars',
  columns: [
    {name: 'MNLI-m', measure: glue['MNLI-m']},
    {name: 'MNLI-mm', measure: glue['MNLI-mm']},
    {name: 'QQP', measure: glue['QQP F1']},
    {name: 'SST-2', measure: glue['SST-2']},
    {name: 'QNLI', measure: glue.QNLI},
    {name: 'MRPC', measure: glue['MRPC F1']},
    {name: 'RTE', measure: glue.RTE},
    {name: 'CoLA', measure: glue.CoLA},
    {name: 'STS-B', measure: glue['STS-B']},
    {name: 'Avg', measure: nineColumnAverage},
  ],
  rows: [
    {name: 'BERT-base (teacher)', arm: 'teacher'},
    {name: 'fine-tuned without a teacher', arm: 'finetune'},
    {name: 'soft labels alone', arm: 'hinton'},
    {name: 'a BiLSTM that matches logits', arm: 'bilstm-kd'},
    {name: 'DistilBERT, 4 layers', arm: 'distilbert'},
    {name: 'BERT-PKD, 4 layers', arm: 'patient-kd'},
    {name: 'TinyBERT, 4 layers', arm: 'tinybert'},
    {name: 'LRC-BERT', arm: 'lrc-bert', against: ['finetune', 'hinton', 'distilbert', 'patient-kd', 'tinybert']},
  ],
});
