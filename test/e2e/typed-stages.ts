// Stage files of the situations: small ones that count what a real stage has, params, modules and inputs of both kinds.

export const shoutStage = `
import {readFile, writeFile} from 'node:fs/promises';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
import {shout} from '../src/shout.ts';

export default defineStage({
  description: 'Upper-cases a text.',
  params: z.strictObject({end: z.string().default('!'), unused: z.number().default(0)}),
  inputs: {text: 'one'},
  outputs: {text: 'text.txt'},
  async run(ctx) {
    await writeFile(ctx.out.text, shout(await readFile(ctx.in.text.path, 'utf8'), ctx.params.end));
  },
});
`;

export const shoutModule = `
// Not loud enough without the end.
export const shout = (text: string, end: string): string => text.trim().toUpperCase() + end + '\\n';
`;

export const joinStage = `
import {readFile, writeFile} from 'node:fs/promises';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';

export default defineStage({
  description: 'Joins texts, each with the axis of the job that wrote it.',
  params: z.strictObject({}),
  inputs: {texts: 'many'},
  outputs: {all: 'all.txt'},
  async run(ctx) {
    const lines = await Promise.all(
      ctx.in.texts.map(async ({path, axis}) => JSON.stringify(axis) + ' ' + (await readFile(path, 'utf8'))),
    );
    await writeFile(ctx.out.all, lines.join(''));
  },
});
`;
