import type {Table} from '../table.ts';
import type {ReportData} from '../data.ts';
import {measurePaper, type Line} from './measure-paper.ts';
import {paperCell, publishedWording, type PaperValue} from './paper-cell.ts';
import {paperLegend} from './paper-legend.ts';
import type {PaperRow, PaperSpec} from './paper-spec.ts';
import {publishedCell} from './published-table.ts';

type Row = Record<string, PaperValue>;

/**
 * A table of a paper with our numbers above its own: for each row a line of ours, where the arm has scores (one for each
 * value of an axis such as the number of labels), and a line of the published numbers.
 */
export const definePaperTable = (spec: PaperSpec): Table<ReportData, Row> => ({
  title: spec.title,
  ...(spec.timed ? {timed: true} : {}),
  ...(spec.pictures ? {pictures: spec.pictures} : {}),
  columns: data => [
    {key: 'row', title: ''},
    {key: 'who', title: ''},
    ...spec.columns
      .filter(
        (column, i) => !column.onlyOurs || measurePaper(spec, data).some(line => line.columns[i]!.runs.length > 0),
      )
      .map(({name, digits = 1}) => ({key: name, title: name, digits, align: 'right' as const})),
    ...(data.results.scores.some(s => spec.rows.some(row => row.arm === s.arm))
      ? [{key: 'seeds', title: 'Seeds', align: 'right' as const}]
      : []),
  ],
  rows: data => {
    const lines = measurePaper(spec, data);
    return spec.rows.flatMap(row => [
      ...lines.filter(line => line.row === row).map(line => oursRow(spec, line)),
      ...publishedRow(spec, row),
    ]);
  },
  legend: data => paperLegend(spec, data),
});

const oursRow = (spec: PaperSpec, line: Line): Row => ({
  row: line.row.name,
  who: ['ours', line.label].filter(Boolean).join(', '),
  ...Object.fromEntries(spec.columns.map((column, i) => [column.name, paperCell(spec, line, i)])),
  seeds: line.seeds,
});

const publishedRow = (spec: PaperSpec, row: PaperRow): Row[] => {
  const cells = spec.columns.map(column => publishedCell(spec.published, row.name, column.name));
  const printed = cells.filter(cell => cell !== null);
  if (printed.length === 0) return [];
  const isAllUnverified = printed.every(cell => !cell.verified);
  return [
    {
      row: row.name,
      who: isAllUnverified ? 'published, unverified' : 'published',
      ...Object.fromEntries(
        cells.map((cell, i) => {
          const column = spec.columns[i]!;
          return [column.name, cell && publishedWording(cell, column.digits ?? 1, isAllUnverified)];
        }),
      ),
      seeds: '',
    },
  ];
};
