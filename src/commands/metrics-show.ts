import {axisText, cellsOf, deviation, type Cell} from '../report/cells.ts';
import {points} from '../report/format.ts';
import {gfm} from '../report/table.ts';
import {median} from '../math/descriptive.ts';
import {reportFolders, type ReportChoice} from './choose-reports.ts';
import {readHere, readReport, requireReports} from './read-reports.ts';

export interface ReportMetrics {
  readonly folder: string;
  readonly cells: readonly Cell[];
}

/** Every report of the working tree, cell by cell; needs no git. */
export const readMetrics = async (choice: ReportChoice): Promise<ReportMetrics[]> => {
  const side = await readHere(choice);
  requireReports(side);
  return reportFolders(side)
    .sort()
    .flatMap(folder => {
      const report = readReport(folder, side);
      return report ? [{folder, cells: cellsOf(report.results)}] : [];
    });
};

export const metricsJson = (metrics: readonly ReportMetrics[]): string => JSON.stringify({reports: metrics}, null, 2);

const row = ({task, metric, split, arm, axis, values}: Cell): string[] => {
  const spread = deviation(values);
  return [
    [task, axisText(axis)].filter(Boolean).join(', '),
    `${metric} (${split})`,
    arm,
    points(median(values)),
    spread === null ? '–' : points(spread),
    `${values.length}`,
  ];
};

export const metricsMarkdown = (metrics: readonly ReportMetrics[]): string =>
  metrics
    .map(({folder, cells}) => {
      const head = ['Task', 'Metric', 'Arm', 'Median', '±', 'Seeds'];
      const table = gfm(head, cells.map(row), ['left', 'left', 'left', 'right', 'right', 'right']);
      return `${metrics.length > 1 ? `## ${folder}\n\n` : ''}${table}`;
    })
    .join('\n')
    .trimEnd();
