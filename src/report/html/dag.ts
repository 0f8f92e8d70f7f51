import {escapeHtml} from './inline.ts';

interface Node {
  readonly id: string;
  readonly lines: readonly string[];
}

const [boxWidth, boxHeight, gapX, gapY] = [132, 50, 18, 36];

/** The lines of the report's own mermaid flowchart as a picture, since a page without scripts cannot run mermaid. */
export const dagSvg = (lines: readonly string[]): string => {
  const nodes = lines.flatMap((line): Node[] => {
    const [, id, label] = /^ {2}(s\d+)\["(.*)"\]$/.exec(line) ?? [];
    return id === undefined ? [] : [{id, lines: unescaped(label ?? '').split('<br>')}];
  });
  const edges = lines.flatMap(line => {
    const [, from, to] = /^ {2}(s\d+) --> (s\d+)$/.exec(line) ?? [];
    return from !== undefined && to !== undefined ? [{from, to}] : [];
  });
  const levels = levelsOf(nodes, edges);
  const places = new Map<string, {x: number; y: number}>();
  const widest = Math.max(1, ...levels.map(level => level.length));
  const width = widest * (boxWidth + gapX);
  levels.forEach((level, row) => {
    const left = (width - level.length * (boxWidth + gapX) + gapX) / 2;
    level.forEach(({id}, i) =>
      places.set(id, {x: Math.round(left + i * (boxWidth + gapX)), y: row * (boxHeight + gapY) + 4}),
    );
  });
  const height = levels.length * (boxHeight + gapY);
  return [
    `<svg class="dag" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="The stages of the pipeline">`,
    ...edges.map(({from, to}) => edgeSvg(places.get(from)!, places.get(to)!)),
    ...nodes.map(node => nodeSvg(node, places.get(node.id)!)),
    '</svg>',
  ].join('\n');
};

const unescaped = (label: string): string => label.replaceAll('#quot;', '"').replaceAll('#35;', '#');

/** Each node below all that it needs; nodes come in topological order. */
const levelsOf = (nodes: readonly Node[], edges: readonly {from: string; to: string}[]): Node[][] => {
  const depth = new Map<string, number>();
  for (const {id} of nodes) {
    const needs = edges.filter(edge => edge.to === id).map(edge => depth.get(edge.from) ?? 0);
    depth.set(id, needs.length === 0 ? 0 : Math.max(...needs) + 1);
  }
  const count = Math.max(-1, ...depth.values()) + 1;
  return Array.from({length: count}, (_, level) => nodes.filter(({id}) => depth.get(id) === level));
};

interface Place {
  readonly x: number;
  readonly y: number;
}

const edgeSvg = (from: Place, to: Place): string => {
  const [x1, y1, x2, y2] = [from.x + boxWidth / 2, from.y + boxHeight, to.x + boxWidth / 2, to.y];
  const bend = Math.round((y2 - y1) / 2);
  return `<path d="M${x1},${y1}C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}"/>`;
};

const nodeSvg = ({lines}: Node, {x, y}: Place): string => {
  const first = y + boxHeight / 2 + 4 - (lines.length - 1) * 7;
  const text = lines.map((line, i) => `<text x="${x + boxWidth / 2}" y="${first + 14 * i}">${escapeHtml(line)}</text>`);
  return `<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="5"/>${text.join('')}`;
};
