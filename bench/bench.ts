import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {busyReason} from './harness/idle.ts';
import {header, tableLine} from './harness/print.ts';
import type {Bench, Row} from './harness/row.ts';

const usage = 'npm run bench -- NAME [--json] [--only TEXT] [--quick]';

const main = async (): Promise<number> => {
  const options = readOptions();
  if (typeof options === 'string') return fail(options);
  const {name, json, only, quick} = options;
  // Found by file name: bench/<name>.ts, compiled beside this file.
  const file = path.join(import.meta.dirname, `${name}${path.extname(import.meta.filename)}`);
  if (!/^[\w-]+$/.test(name) || name === 'bench' || !existsSync(file)) {
    return fail(`there is no bench "${name}": known are ${known().join(', ')}`);
  }
  const {default: bench} = (await import(file)) as {default: Bench};
  const busy = busyReason();
  if (busy !== null) console.error(`warning: this machine is not idle (${busy}): timings will be off, ratios less so`);
  const isLineByLine = json || bench.table === undefined;
  if (!json && isLineByLine) console.log(header());
  const rows: Row[] = [];
  for await (const row of bench.run({quick, ...(only !== undefined && {only})})) {
    rows.push(row);
    if (isLineByLine) console.log(json ? JSON.stringify(row) : tableLine(row));
  }
  if (!isLineByLine) console.log(bench.table?.(rows));
  return 0;
};

const readOptions = (): {name: string; json: boolean; only?: string; quick: boolean} | string => {
  try {
    const {values, positionals} = parseArgs({
      allowPositionals: true,
      options: {json: {type: 'boolean'}, only: {type: 'string'}, quick: {type: 'boolean'}},
    });
    const [name, ...more] = positionals;
    if (name === undefined) return `which bench? ${known().join(', ')}`;
    if (more.length > 0) return `one bench at a time, got ${positionals.join(' ')}`;
    const {only} = values;
    return {name, json: values.json ?? false, quick: values.quick ?? false, ...(only !== undefined && {only})};
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const known = (): string[] =>
  readdirSync(import.meta.dirname)
    .filter(file => /\.[jt]s$/.test(file))
    .map(file => path.parse(file).name)
    .filter(name => name !== 'bench')
    .sort();

const fail = (message: string): number => {
  console.error(`${message}\nusage: ${usage}`);
  return 2;
};

process.exitCode = await main();
