import {reasonsText, valueText} from '../reporters/reason-text.ts';
import type {Colors} from '../reporters/settled-text.ts';
import {usageText} from '../reporters/usage-text.ts';
import type {Why, WhyItem} from '../runner/why.ts';

/** One instance: how it stands, which record it is compared with, and the items of its key by kind. */
export const whyText = ({id, outcome, reasons, key, recordedKey, items, ...facts}: Why, colors: Colors): string => {
  const because = reasons.length > 0 ? `  (${reasonsText(reasons)})` : '';
  const width = Math.min(40, Math.max(0, ...items.map(({name}) => name.length)));
  const lines = [
    `${colors.bold(id)}  ${outcome}${because}`,
    `  ${colors.dim(key === null ? 'key      not known before the stages it reads from have run' : `key      ${short(key)}`)}`,
    `  ${colors.dim(`recorded ${recordedText(recordedKey, facts.recordedBy)}`)}`,
    ...(facts.last === null ? [] : [`  ${colors.dim(`took     ${usageText(facts.last)}`)}`]),
  ];
  let group = '';
  for (const item of items) {
    if (item.group !== group) lines.push(`  ${item.group}`);
    group = item.group;
    lines.push(...itemLines(item, width, colors));
  }
  return lines.join('\n');
};

const recordedText = (key: string | null, by: Why['recordedBy']): string => {
  if (key === null) return 'never';
  if (by === null) return `${short(key)}, not committed`;
  const commit = `${by.commit} of ${by.date}, ${by.subject}`;
  return `${short(key)} ${by.isPresent ? `by commit ${commit}` : `since then, not committed; before that by commit ${commit}`}`;
};

const itemLines = (item: WhyItem, width: number, colors: Colors): string[] => [
  ...valueLines(item, width, colors),
  ...folderLines(item.files),
];

const mostFiles = 20;

/** What has changed in a folder, file by file. */
const folderLines = (files: WhyItem['files']): string[] => {
  if (files === undefined) return [];
  if (files === null) return ['      which files were in it then is no longer kept'];
  const more = files.length - mostFiles;
  return [
    ...files.slice(0, mostFiles).map(({path, change}) => `      ${change.padEnd('removed'.length)}  ${path}`),
    ...(more > 0 ? [`      and ${more} more`] : []),
  ];
};

const valueLines = ({name, was, now, changed, waitsFor}: WhyItem, width: number, colors: Colors): string[] => {
  const label = name.padEnd(width);
  if (waitsFor !== undefined) return [`    ${label}  ${colors.dim(`not known before ${waitsFor} has run`)}`];
  if (!changed) return [`    ${label}  ${colors.dim(oneLine(now))}`];
  const mark = colors.yellow('*');
  const inner = innerChanges(was, now);
  if (inner.length > 0) {
    return [
      `  ${mark} ${name}`,
      ...inner.map(({path, ...values}) => `      ${path}  ${oneLine(values.was)} → ${oneLine(values.now)}`),
    ];
  }
  const isLong = [was, now].some(value => typeof value === 'string' && !isHash(value) && value.length > longest);
  if (!isLong) return [`  ${mark} ${label}  ${oneLine(was)} → ${oneLine(now)}`];
  // A command: both in full, since what differs may stand at the end.
  return [
    `  ${mark} ${name}`,
    ...lines(was).map(line => colors.red(`      - ${line}`)),
    ...lines(now).map(line => colors.green(`      + ${line}`)),
  ];
};

interface InnerChange {
  readonly path: string;
  readonly was: unknown;
  readonly now: unknown;
}

/** Of two maps (the param `student`, say) only the values in them that differ, by their path. */
const innerChanges = (was: unknown, now: unknown, path = ''): InnerChange[] => {
  if (!isMap(was) || !isMap(now)) return [];
  return [...new Set([...Object.keys(was), ...Object.keys(now)])].sort().flatMap(name => {
    if (JSON.stringify(was[name]) === JSON.stringify(now[name])) return [];
    const here = path === '' ? name : `${path}.${name}`;
    const inner = innerChanges(was[name], now[name], here);
    return inner.length > 0 ? inner : [{path: here, was: was[name], now: now[name]}];
  });
};

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const longest = 60;

/** Hashes are cut to what a person compares; texts stand without quotes, on one line. */
const oneLine = (value: unknown): string => {
  if (value === undefined || value === null) return 'none';
  if (typeof value !== 'string') return valueText(value);
  if (isHash(value)) return short(value);
  const line = value.replaceAll('\n', '\\n');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};

/** Of a text that was too long for one line. */
const lines = (value: unknown): string[] => (typeof value === 'string' ? value : oneLine(value)).split('\n');

const isHash = (value: string): boolean => /^[0-9a-f]{32,}[xt]?$/.test(value);

const short = (hash: string): string => hash.slice(0, 12);
