import {bamAverage, glue} from '../paper/glue-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {bam1} from '../published/bam.ts';

/** Arms: single, multi, and what is distilled from them. Stars against both teachers' kinds, as in the paper. */
const against = ['single', 'multi'];

export default definePaperTable({
  title: 'BAM, Table 1: single-task and multi-task training, alone and distilled',
  published: bam1,
  centre: 'median',
  test: 'bootstrap-median',
  marks: 'stars',
  columns: [
    {name: 'Avg', measure: bamAverage},
    {name: 'CoLA', measure: glue.CoLA},
    {name: 'SST-2', measure: glue['SST-2']},
    {name: 'MRPC', measure: glue['MRPC accuracy']},
    {name: 'STS-B', measure: glue['STS-B']},
    {name: 'QQP', measure: glue['QQP accuracy']},
    {name: 'MNLI', measure: glue['MNLI-m']},
    {name: 'QNLI', measure: glue.QNLI},
    {name: 'RTE', measure: glue.RTE},
  ],
  rows: [
    {name: 'Single', arm: 'single'},
    {name: 'Multi', arm: 'multi'},
    {name: 'Single→Single', arm: 'single-single', against},
    {name: 'Multi→Multi', arm: 'multi-multi', against},
    {name: 'Single→Multi', arm: 'single-multi', against},
  ],
});
