import {Command} from '@commander-js/extra-typings';
import {openHere} from './open.ts';
import {fileOption, jsonOption, profileOption, setOption} from './options.ts';
import {colorsFor, printResult} from './output.ts';
import {reasonsText, valueText} from '../reporters/reason-text.ts';
import type {Colors} from '../reporters/settled-text.ts';
import {why, type Why, type WhyItem} from '../runner/why.ts';

export const whyCommand = () =>
  new Command('why')
    .description("show each item of a stage's key, old → new, whether it is fresh or not")
    .argument('<stage>', 'stage, or stage@axis=value,…')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('one JSON line for each instance, values in full'))
    .action(async (selection, options) => {
      const project = await openHere(options);
      const answers = await why(project, selection);
      if (options.json) return answers.forEach(answer => printResult(JSON.stringify(answer)));
      const colors = colorsFor(process.stdout);
      printResult(answers.map(answer => answerText(answer, colors)).join('\n\n'));
    });

const answerText = ({id, outcome, reasons, key, items}: Why, colors: Colors): string => {
  const because = reasons.length > 0 ? `  (${reasonsText(reasons)})` : '';
  const width = Math.min(40, Math.max(0, ...items.map(({name}) => name.length)));
  const lines = [
    `${colors.bold(id)}  ${outcome}${because}`,
    `  ${colors.dim(key === null ? 'key not known before the stages it reads from have run' : `key ${key}`)}`,
  ];
  let group = '';
  for (const item of items) {
    if (item.group !== group) lines.push(`  ${item.group}`);
    group = item.group;
    lines.push(itemText(item, width, colors));
  }
  return lines.join('\n');
};

const itemText = ({name, was, now, changed}: WhyItem, width: number, colors: Colors): string => {
  const label = name.padEnd(width);
  if (!changed) return `    ${label}  ${colors.dim(show(now))}`;
  return `  ${colors.yellow('*')} ${label}  ${show(was)} → ${show(now)}`;
};

/** Hashes are cut to what a person compares; texts stand without quotes, on one line. */
const show = (value: unknown): string => {
  if (value === undefined || value === null) return 'none';
  if (typeof value !== 'string') return valueText(value);
  if (/^[0-9a-f]{32,}$/.test(value)) return value.slice(0, 12);
  const line = value.replaceAll('\n', '\\n');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};
