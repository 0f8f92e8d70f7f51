import {bamAverage} from '../paper/glue-columns.ts';
import {definePaperTable} from '../paper/paper-table.ts';
import {bam3} from '../published/bam.ts';

export default definePaperTable({
  title: 'BAM, Table 3: single-task fine-tuning after multi-task training',
  published: bam3,
  centre: 'median',
  test: 'mann-whitney',
  marks: 'p',
  columns: [{name: 'Avg', measure: bamAverage}],
  rows: [
    {name: 'Multi', arm: 'multi'},
    {
      name: 'Multi, then single-task fine-tuning',
      arm: 'multi-tuned',
      relativeTo: 'multi',
      against: ['multi'],
    },
    {name: 'Single→Multi', arm: 'single-multi'},
    {
      name: 'Single→Multi, then single-task fine-tuning',
      arm: 'single-multi-tuned',
      relativeTo: 'single-multi',
      against: ['single-multi'],
    },
  ],
});
