/** Okabe and Ito's colours, which people with any colour vision can tell apart (their yellow is too pale on white). */
const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** The width that GitHub gives a picture in a README, in pixels. */
export const fullWidth = 830;

/** An arm looks the same in every plot of every report. */
const known: Readonly<Record<string, string>> = {
  ltd: '#0072b2',
  plain: '#d55e00',
  'teacher-lr': '#009e73',
  lsa: '#cc79a7',
  'tfidf-lr': '#e69f00',
  'ltd-frozen': '#56b4e9',
  majority: '#6e7781',
};

/** A colour that comes again is dashed: with eleven arms there are not colours enough to tell apart. */
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
];

const ink = '#24292f';
const faint = '#d0d7de';

/** Known arms have their own colour; others take those that no arm present has, in order, then start over. */
export const armScale = (arms: readonly string[]): {domain: string[]; range: string[]} => {
  const taken = new Set(arms.flatMap(arm => known[arm] ?? []));
  const free = palette.filter(colour => !taken.has(colour));
  const colours = free.length > 0 ? free : palette;
  let next = 0;
  return {domain: [...arms], range: arms.map(arm => known[arm] ?? (colours[next++ % colours.length] as string))};
};

/** Letters of a legend are about so wide, in pixels, and its symbols with their margins. */
const [letter, symbol] = [7, 44];

/** An arm's colour, and dashes where a colour comes twice; a legend of as many columns as a picture of `width` has room for. */
export const armEncodings = (arms: readonly string[], width = fullWidth) => {
  const {domain, range} = armScale(arms);
  const before = range.map((colour, i) => range.slice(0, i).filter(other => other === colour).length);
  const longest = Math.max(...arms.map(arm => arm.length));
  const columns = Math.max(1, Math.floor(width / (letter * longest + symbol)));
  const legend =
    arms.length > 1
      ? {symbolType: 'stroke', symbolStrokeWidth: 3, symbolSize: 300, columns: Math.min(columns, arms.length)}
      : null;
  const shared = {field: 'arm', type: 'nominal' as const, title: null, legend};
  return {
    color: {...shared, scale: {domain, range}},
    ...(before.some(count => count > 0)
      ? {strokeDash: {...shared, scale: {domain, range: before.map(count => dashes[count % dashes.length]!)}}}
      : {}),
  };
};

/** The look of all plots: a white card with dark ink, which reads the same on GitHub's light and dark pages. */
export const config = {
  background: '#ffffff',
  padding: 12,
  font: 'sans-serif',
  view: {stroke: faint},
  axis: {
    labelColor: ink,
    titleColor: ink,
    tickColor: faint,
    domainColor: faint,
    gridColor: '#eaeef2',
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal' as const,
    labelFlush: false,
  },
  header: {labelColor: ink, titleColor: ink, labelFontSize: 13, labelFontWeight: 'bold' as const},
  legend: {
    orient: 'top' as const,
    offset: 6,
    symbolType: 'square',
    symbolOpacity: 1,
    symbolStrokeWidth: 0,
    symbolSize: 110,
    labelLimit: 0,
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal' as const,
  },
  title: {color: ink, fontSize: 13},
};
