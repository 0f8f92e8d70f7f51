import {glue} from '../paper/glue-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {bam5} from '../published/bam.ts';

/** Each group of tasks against RTE alone; the paper tests all pairs. */
const against = ['single-single'];

export default definePaperTable({
  title: 'BAM, Table 5: which tasks help RTE',
  published: bam5,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'p',
  columns: [{name: 'RTE', measure: glue.RTE}],
  rows: [
    {name: 'RTE', arm: 'single-single'},
    {name: 'RTE, MNLI', arm: 'single-multi-rte-mnli', against},
    {name: 'RTE, QQP, CoLA, SST-2', arm: 'single-multi-rte-others', against},
    {name: 'All of GLUE', arm: 'single-multi', against},
  ],
});
