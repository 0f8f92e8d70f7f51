/** Okabe and Ito's colours, which people with any colour vision can tell apart (their yellow is too pale on white). */
const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

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
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal' as const,
  },
  title: {color: ink, fontSize: 13},
};

/** The width that GitHub gives a picture in a README, in pixels. */
export const fullWidth = 830;
