import * as vega from 'vega';
import {compile, type TopLevelSpec} from 'vega-lite';

// exported by vega, absent from its types
const {textMetrics} = vega as unknown as {textMetrics: {canvas(use: boolean): void}};

/**
 * A Vega-Lite spec as SVG text: without a DOM, the same bytes each time and on each machine, one element a line and
 * coordinates rounded, so that a changed picture is a readable change in git.
 */
export const renderSvg = async (spec: TopLevelSpec): Promise<string> => {
  // With a canvas package around, text would be measured by that machine's fonts.
  textMetrics.canvas(false);
  const view = new vega.View(vega.parse(compile(spec).spec), {renderer: 'none', logLevel: vega.Error});
  try {
    await view.runAsync();
    // ids of clips and gradients are counted over all pictures of the process
    vega.resetSVGDefIds();
    return tidy(await view.toSVG());
  } finally {
    view.finalize();
  }
};

const rounded = (text: string): string =>
  text.replace(/-?\d*\.\d+(?:e-?\d+)?|-?\d+e-?\d+/g, number => {
    const value = Number(Number(number).toFixed(1));
    return String(value === 0 ? 0 : value);
  });

/** Only in geometry: a label such as "0.25" keeps its digits. */
const geometry = /\b(d|transform|x|y|x1|x2|y1|y2|width|height|viewBox|cx|cy|r)="([^"]*)"/g;

export const tidy = (svg: string): string => {
  const lines = svg
    .replace(geometry, (_, name: string, value: string) => `${name}="${rounded(value)}"`)
    // aria labels repeat each datum in words at full precision; the folded table beside the picture does it better
    .replace(/ aria-(label|roledescription|hidden)="[^"]*"| role="[^"]*"/g, '')
    .replace(/>\s*</g, '>\n<');
  return `${lines.trimEnd()}\n`;
};
