import {glue, macroScore} from '../paper/glue-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {distilbert1} from '../published/distilbert.ts';

export default definePaperTable({
  title: 'DistilBERT, Table 1: GLUE',
  published: distilbert1,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'stars',
  columns: [
    {name: 'Score', measure: macroScore},
    {name: 'CoLA', measure: glue.CoLA},
    {name: 'MNLI', measure: glue['MNLI-m']},
    {name: 'MRPC', measure: glue['MRPC F1']},
    {name: 'QNLI', measure: glue.QNLI},
    {name: 'QQP', measure: glue['QQP accuracy']},
    {name: 'RTE', measure: glue.RTE},
    {name: 'SST-2', measure: glue['SST-2']},
    {name: 'STS-B', measure: glue['STS-B']},
    {name: 'WNLI', measure: glue.WNLI},
  ],
  rows: [
    {name: 'ELMo'},
    {name: 'BERT-base', arm: 'teacher'},
    {name: 'the same student without distillation', arm: 'finetune'},
    {name: 'DistilBERT', arm: 'distilbert', against: ['finetune']},
  ],
});
