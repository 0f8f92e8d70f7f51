import {columnsOf, shown, type Row, type Table} from './table.ts';

const names =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi o pi rho sigma tau upsilon phi chi psi omega';

/** No LaTeX has an `\o` in mathematics: omicron looks like the letter. */
const greek: Readonly<Record<string, string>> = Object.fromEntries(
  names
    .split(' ')
    .map((name, i): [string, string] => ['αβγδεζηθικλμνξοπρστυφχψω'.charAt(i), name === 'o' ? 'o' : `$\\${name}$`]),
);

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
  '≠': '$\\ne$',
  '√': '$\\surd$',
  Δ: '$\\Delta$',
  Σ: '$\\Sigma$',
  ...greek,
};

const special = new RegExp(
  `[${Object.keys(replacements)
    .join('')
    .replace(/[\\^\]-]/g, '\\$&')}]`,
  'g',
);

const escaped = (text: string): string => text.replace(special, c => replacements[c] ?? c);

/** Stands for the word "unverified", which would make a table of published numbers thrice as wide; no LaTeX reads it. */
const mark = '\u0001';

/** The markdown that a cell may hold (bold, code, links, escaped stars) in LaTeX. */
export const latexText = (text: string): string => {
  const markdown = text.replaceAll(/"([^"]*)"/g, '“$1”').replaceAll(' (unverified)', mark);
  const parts = /\*\*(.+?)\*\*(?!\*)|`([^`]*)`|\[([^\]]*)\]\([^)]*\)|((?:\\\*)+)/g;
  let [out, at] = ['', 0];
  for (const match of markdown.matchAll(parts)) {
    out += escaped(markdown.slice(at, match.index));
    const [all, bold, code, link, stars] = match;
    if (bold !== undefined) out += `\\textbf{${escaped(bold)}}`;
    else if (code !== undefined) out += `\\texttt{${escaped(code)}}`;
    else if (link !== undefined) out += escaped(link);
    else out += `$^{${'*'.repeat((stars ?? '').length / 2)}}$`;
    at = match.index + all.length;
  }
  return (out + escaped(markdown.slice(at))).replaceAll(mark, '$^{\\dagger}$');
};

/** `\\` takes a star or a bracket that follows it, be it on the next line, for its own. */
const line = (cells: readonly string[]): string => {
  const text = cells.join(' & ');
  return `      ${/^\s*[[*]/.test(text) ? '{}' : ''}${text} \\\\`;
};

/**
 * The table with booktabs' rules and its legend below it, to be `\input` into a paper; '' for a table without rows. A table
 * wider than the page's text is scaled down to it.
 */
export const latexTable = <D, R extends Row>(table: Table<D, R>, data: D, name: string): string => {
  const [columns, rows] = [columnsOf(table, data), table.rows(data)];
  if (rows.length === 0) return '';
  const body = rows.map(row => line(columns.map(c => latexText(shown(row[c.key], c.digits)))));
  const legend = (table.legend?.(data) ?? []).map(latexText);
  if (body.some(text => text.includes('\\dagger'))) legend.push('$^{\\dagger}$: unverified.');
  return [
    '% needs \\usepackage{booktabs,graphicx}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText(table.title)}}`,
    `  \\label{tab:${name}}`,
    '  \\smallskip',
    '  \\resizebox{\\ifdim\\width>\\textwidth\\textwidth\\else\\width\\fi}{!}{%',
    `    \\begin{tabular}{${columns.map(c => (c.align === 'right' ? 'r' : 'l')).join('')}}`,
    '      \\toprule',
    line(columns.map(c => latexText(c.title))),
    '      \\midrule',
    ...body,
    '      \\bottomrule',
    '    \\end{tabular}}',
    ...(legend.length > 0
      ? [
          '  \\par\\medskip',
          '  \\begin{minipage}{\\textwidth}\\footnotesize\\raggedright',
          ...legend.map(text => `    ${text}\\par`),
          '  \\end{minipage}',
        ]
      : []),
    '\\end{table}',
    '',
  ].join('\n');
};
