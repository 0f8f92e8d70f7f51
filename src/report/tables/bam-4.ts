import {bamAverage} from '../paper/glue-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {bam4} from '../published/bam.ts';

const ablated = {relativeTo: 'single-multi', against: ['single-multi']};

export default definePaperTable({
  title: 'BAM, Table 4: what each part of Single→Multi is worth',
  published: bam4,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'p',
  columns: [{name: 'Avg', measure: bamAverage}],
  rows: [
    {name: 'Single→Multi', arm: 'single-multi'},
    {name: 'No layer-wise learning rates', arm: 'no-layer-rates', ...ablated},
    {name: 'No task sampling', arm: 'no-task-sampling', ...ablated},
    {name: 'No teacher annealing, λ = 0', arm: 'no-annealing-0', ...ablated},
    {name: 'No teacher annealing, λ = 0.5', arm: 'no-annealing-0.5', ...ablated},
  ],
});
