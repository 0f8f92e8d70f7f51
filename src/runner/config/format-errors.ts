import {createColors} from 'picocolors';
import type {ConfigError} from './config-error.ts';

/** Lines longer than this are cut around the caret: a pipeline file may be one line of JSON. */
const maximalWidth = 110;
/** More errors than a person reads; the count of the rest is told. */
const maximalErrors = 100;

/** `file:line:col message` with the source line and a caret, an empty line between errors. */
export const formatConfigErrors = (errors: readonly ConfigError[], color = false): string => {
  const blocks = errors.slice(0, maximalErrors).map(error => formatError(error, color));
  if (errors.length > maximalErrors) blocks.push(`… and ${errors.length - maximalErrors} more errors`);
  return blocks.join('\n\n') + '\n';
};

const formatError = (error: ConfigError, color: boolean): string => {
  const paint = createColors(color);
  const position = error.line > 0 ? `${error.file}:${error.line}:${error.column}` : error.file;
  const head = `${paint.bold(position)}${error.line > 0 ? '' : ':'} ${paint.red(sentence(error))}`;
  if (error.sourceLine === undefined) return head;
  const {text, column, length} = cut(error.sourceLine, error.column, error.length);
  const gutter = error.line > 0 ? String(error.line) : '';
  const underline = `${blank(text.slice(0, column - 1))}${paint.red('^'.repeat(Math.max(1, width(text.slice(column - 1, column - 1 + length)))))}`;
  return `${head}\n  ${paint.dim(`${gutter} |`)} ${text}\n  ${paint.dim(`${' '.repeat(gutter.length)} |`)} ${underline}`;
};

const sentence = (error: ConfigError): string => {
  const contrast = [
    ...(error.expected === undefined ? [] : [`expected ${error.expected}`]),
    ...(error.found === undefined ? [] : [`found ${error.found}`]),
  ].join(', ');
  const suggestion = error.suggestion === undefined ? '' : `. ${error.suggestion}`;
  return `${error.message}${contrast === '' ? '' : `: ${contrast}`}${suggestion}`;
};

const cut = (line: string, column: number, length: number): {text: string; column: number; length: number} => {
  if (line.length <= maximalWidth) return {text: line, column, length};
  const start = Math.max(0, column - 1 - 40);
  const end = Math.min(line.length, start + maximalWidth);
  const before = start > 0 ? '…' : '';
  return {
    text: before + line.slice(start, end) + (end < line.length ? '…' : ''),
    column: column - start + before.length,
    length: Math.min(length, end - (column - 1)),
  };
};

/** Blanks as wide as the text; tabs stay tabs, so that the caret is right whatever their width. */
const blank = (text: string): string =>
  Array.from(text, char => (char === '\t' ? '\t' : ' '.repeat(width(char)))).join('');

const width = (text: string): number => {
  let columns = 0;
  for (const char of text) columns += wide.test(char) ? 2 : /\p{Mark}/u.test(char) ? 0 : 1;
  return columns;
};

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;
