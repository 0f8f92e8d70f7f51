import {dagSvg} from './dag.ts';
import {escapeHtml, inlineHtml, type Resources} from './inline.ts';

/**
 * A report's markdown as HTML. Not a reader of all markdown: it knows the blocks that this folder writes (headings,
 * paragraphs of one sentence a line, lists, GFM tables, folded parts, fences) and prints anything else as a paragraph.
 */
export const blocksHtml = (markdown: string, resources: Resources): string => {
  const html: string[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length;) {
    const block = blockAt(lines, at);
    html.push(blockHtml(block, resources));
    at += block.lines.length;
  }
  return html.filter(text => text !== '').join('\n');
};

type Kind = 'blank' | 'heading' | 'fold' | 'fence' | 'table' | 'list' | 'paragraph';

interface Block {
  readonly kind: Kind;
  readonly lines: readonly string[];
}

const kindOf = (line: string): Kind =>
  line.trim() === ''
    ? 'blank'
    : /^#{1,6} /.test(line)
      ? 'heading'
      : /^<\/?details>$|^<summary>.*<\/summary>$/.test(line)
        ? 'fold'
        : line.startsWith('```')
          ? 'fence'
          : line.startsWith('| ')
            ? 'table'
            : line.startsWith('- ')
              ? 'list'
              : 'paragraph';

const blockAt = (lines: readonly string[], start: number): Block => {
  const kind = kindOf(lines[start]!);
  let end = start + 1;
  if (kind === 'fence') {
    while (end < lines.length && !lines[end]!.startsWith('```')) end++;
    end = Math.min(lines.length, end + 1);
  } else if (kind === 'table' || kind === 'list' || kind === 'paragraph') {
    while (end < lines.length && kindOf(lines[end]!) === kind) end++;
  }
  return {kind, lines: lines.slice(start, end)};
};

const blockHtml = ({kind, lines}: Block, resources: Resources): string => {
  const inline = (text: string): string => inlineHtml(text, resources);
  const [first = ''] = lines;
  switch (kind) {
    case 'blank':
      return '';
    case 'heading': {
      const level = /^#+/.exec(first)![0].length;
      return `<h${level}>${inline(first.slice(level + 1))}</h${level}>`;
    }
    case 'fold':
      return foldHtml(first);
    case 'fence':
      return first === '```mermaid'
        ? dagSvg(lines.slice(1, -1))
        : `<pre>${escapeHtml(lines.slice(1, -1).join('\n'))}</pre>`;
    case 'table':
      return tableHtml(lines, inline);
    case 'list':
      return `<ul>\n${lines.map(line => `<li>${inline(line.slice(2))}</li>`).join('\n')}\n</ul>`;
    case 'paragraph':
      return `<p>${lines.map(inline).join('<br>\n')}</p>`;
  }
};

const foldHtml = (line: string): string => {
  const summary = /^<summary>(.*)<\/summary>$/.exec(line);
  return summary ? `<summary>${escapeHtml(summary[1]!)}</summary>` : line;
};

/** `| a | b\|c |` → ['a', 'b\|c']; the escape is resolved with the others of the line. */
const cellsOf = (line: string): string[] =>
  line
    .replace(/^\| ?|\s?\|$/g, '')
    .split(/ ?(?<!\\)\| ?/)
    .map(cell => cell.trim());

const tableHtml = (lines: readonly string[], inline: (text: string) => string): string => {
  const [head = [], rule = [], ...body] = lines.map(cellsOf);
  const row = (cells: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${head.map((_, i) => `<${tag}${rule[i]?.endsWith(':') ? ' class="right"' : ''}>${inline(cells[i] ?? '')}</${tag}>`).join('')}</tr>`;
  return [
    '<div class="scroll"><table>',
    `<thead>${row(head, 'th')}</thead>`,
    '<tbody>',
    ...body.map(cells => row(cells, 'td')),
    '</tbody>',
    '</table></div>',
  ].join('\n');
};
