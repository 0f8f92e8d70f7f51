import {readFileSync} from 'node:fs';
import path from 'node:path';
import {InputError} from '../input-error.ts';
import {blocksHtml} from './blocks.ts';
import {escapeHtml, type Resources} from './inline.ts';

/** Neutral in both themes; pictures are white cards, as on GitHub. */
const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.25; border-bottom: 1px solid #8886; padding-bottom: .2em; }
h2 { margin-top: 2em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid #8886; padding: .2em .6em; text-align: left; white-space: nowrap; }
td:last-child { white-space: normal; }
th.right, td.right { text-align: right; }
code { background: #8882; padding: .1em .3em; border-radius: 4px; }
img, svg { max-width: 100%; height: auto; }
details { margin: .6em 0; }
.dag rect { fill: #8881; stroke: #888; }
.dag path { fill: none; stroke: #888; }
.dag text { font-size: 12px; text-anchor: middle; fill: currentColor; }
`;

const read = (folder: string, file: string): string => {
  try {
    return readFileSync(path.join(folder, file), 'utf8');
  } catch (error) {
    throw new InputError(`${path.join(folder, file)} can't be read: ${(error as Error).message}`, {cause: error});
  }
};

/**
 * index.md and cost.md of a report's folder as one page that needs no other file, script or network: pictures are inside,
 * the two pages are one, links to other files are their text.
 */
export const htmlPage = (folder: string): string => {
  const [index, cost] = [read(folder, 'index.md'), read(folder, 'cost.md')];
  const resources: Resources = {
    image: file => `data:image/svg+xml;base64,${Buffer.from(read(folder, file)).toString('base64')}`,
    link: target => {
      if (target === 'cost.md') return '#cost';
      if (target === 'index.md') return '#report';
      return /^https?:/.test(target) ? target : null;
    },
  };
  const title = /^# (.*)$/m.exec(index)?.[1] ?? 'Report';
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<main id="report">\n${blocksHtml(index, resources)}\n</main>`,
    `<section id="cost">\n${blocksHtml(cost, resources)}\n</section>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
};
