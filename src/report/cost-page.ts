import {costCaption, costTable} from './cost.ts';
import type {ReportData} from './data.ts';
import {paragraphs, pictureBlock, tableSection, type NamedTable, type Picture} from './sections.ts';
import published from './tables/published.ts';

/** cost.md: everything that a clock had a part in, so that index.md stays the same where only timings differ. */
export const renderCostPage = (
  title: string,
  data: ReportData,
  tables: readonly NamedTable[],
  pictures: readonly Picture[],
): string => {
  const {cost} = data;
  const body = cost
    ? [costTable(cost).trimEnd(), costCaption(cost), ...pictures.map(pictureBlock), tableSection(published, data, [])]
    : ['Size and speed were not measured.'];
  const timed = tables.filter(({table}) => table.timed).map(({table}) => tableSection(table, data, []));
  return `${paragraphs([`# ${title}: size and speed`, ...body, ...timed, 'Back to the [report](index.md).'])}\n`;
};
