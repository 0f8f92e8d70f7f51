import {macroScore} from '../paper/glue-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {distilbert4} from '../published/distilbert.ts';

const ablated = {relativeTo: 'distilbert', against: ['distilbert']};

export default definePaperTable({
  title: 'DistilBERT, Table 4: what each loss and the initialisation are worth',
  published: distilbert4,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'p',
  columns: [{name: 'Score', measure: macroScore, digits: 2}],
  rows: [
    {name: 'triple loss, teacher initialisation', arm: 'distilbert'},
    {name: 'without L_ce', arm: 'distilbert-no-ce', ...ablated},
    {name: 'without L_cos', arm: 'distilbert-no-cos', ...ablated},
    {name: 'without L_mlm', arm: 'distilbert-no-mlm', ...ablated},
    {name: 'triple loss, random initialisation', arm: 'distilbert-random', ...ablated},
  ],
});
