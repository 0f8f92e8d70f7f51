import {glue} from './glue-columns.ts';
import type {PaperRow} from './paper-spec.ts';
import {definePaperTable} from './paper-table.ts';
import type {PublishedTable} from './published-table.ts';

/**
 * LRC-BERT's Tables 3 to 5 have the same four columns; rows that are left out of a whole are printed as differences. Small
 * tasks that the paper does not print come after these, where they were run.
 */
export const lrcAblation = (title: string, published: PublishedTable, rows: readonly PaperRow[]) =>
  definePaperTable({
    title,
    published,
    rows,
    centre: 'median',
    test: 'mann-whitney',
    marks: 'p',
    columns: [
      {name: 'MNLI-m', measure: glue['MNLI-m']},
      {name: 'MNLI-mm', measure: glue['MNLI-mm']},
      {name: 'MRPC', measure: glue['MRPC F1']},
      {name: 'CoLA', measure: glue.CoLA},
      {name: 'RTE', measure: glue.RTE, onlyOurs: true},
      {name: 'SST-2', measure: glue['SST-2'], onlyOurs: true},
      {name: 'STS-B', measure: glue['STS-B'], onlyOurs: true},
    ],
  });
