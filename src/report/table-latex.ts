import {columnsOf, shown, type Row, type Table} from './table.ts';

/** Characters that LaTeX reads as its own, and those that its plain fonts lack. */
const replacements: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '$<$',
  '>': '$>$',
  '±': '$\\pm$',
  '−': '$-$',
  '–': '--',
  '…': '\\dots{}',
  '×': '$\\times$',
  '→': '$\\to$',
  '≥': '$\\ge$',
  '≤': '$\\le$',
  λ: '$\\lambda$',
  δ: '$\\delta$',
  α: '$\\alpha$',
};

const escaped = (text: string): string => text.replace(/[\\&%$#_{}~^<>±−–…×→≥≤λδα]/g, c => replacements[c] ?? c);

/** The markdown that a cell may hold (bold, code, links, escaped stars) in LaTeX. */
export const latexText = (markdown: string): string => {
  const parts = /\*\*(.+?)\*\*(?!\*)|`([^`]*)`|\[([^\]]*)\]\([^)]*\)|((?:\\\*)+)/g;
  let [text, at] = ['', 0];
  for (const match of markdown.matchAll(parts)) {
    text += escaped(markdown.slice(at, match.index));
    const [all, bold, code, link, stars] = match;
    if (bold !== undefined) text += `\\textbf{${escaped(bold)}}`;
    else if (code !== undefined) text += `\\texttt{${escaped(code)}}`;
    else if (link !== undefined) text += escaped(link);
    else text += `$^{${'*'.repeat((stars ?? '').length / 2)}}$`;
    at = match.index + all.length;
  }
  return text + escaped(markdown.slice(at));
};

/** The table with booktabs' rules and its legend below it, to be `\input` into a paper; '' for a table without rows. */
export const latexTable = <D, R extends Row>(table: Table<D, R>, data: D, name: string): string => {
  const [columns, rows] = [columnsOf(table, data), table.rows(data)];
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `    ${cells.join(' & ')} \\\\`;
  const legend = (table.legend?.(data) ?? []).map(text => `  \\par\\noindent ${latexText(text)}`);
  return [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText(table.title)}}`,
    `  \\label{tab:${name}}`,
    `  \\begin{tabular}{${columns.map(c => (c.align === 'right' ? 'r' : 'l')).join('')}}`,
    '    \\toprule',
    line(columns.map(c => latexText(c.title))),
    '    \\midrule',
    ...rows.map(row => line(columns.map(c => latexText(shown(row[c.key], c.digits))))),
    '    \\bottomrule',
    '  \\end{tabular}',
    ...(legend.length > 0 ? ['  \\footnotesize', ...legend] : []),
    '\\end{table}',
    '',
  ].join('\n');
};
