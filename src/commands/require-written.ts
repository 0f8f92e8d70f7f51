import {existsSync} from 'node:fs';
import path from 'node:path';
import {listed, plural} from '../report/format.ts';
import type {Graph} from '../runner/graph.ts';
import {UserError} from './user-error.ts';

/** How many stages a message names before it counts the rest. */
const most = 5;

/** Throws a `UserError` where these stages read what their stages have not written yet, and says how to have it written. */
export const requireWritten = ({pipeline, instances}: Graph, stages: readonly string[]): void => {
  const missing = new Map<string, number>();
  let first = '';
  for (const source of instances.filter(({stage}) => stages.includes(stage)).flatMap(readsOf)) {
    if (source.kind !== 'output' || existsSync(path.join(pipeline.root, source.path))) continue;
    first ||= source.path;
    const name = source.instance.replace(/@.*$/s, '');
    missing.set(name, (missing.get(name) ?? 0) + 1);
  }
  if (missing.size === 0) return;
  const names = [...missing].map(([stage, count]) => (count === 1 ? stage : `${stage} (${plural(count, 'file')})`));
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : names;
  const run = ['pipeline run', ...(pipeline.profile === '' ? [] : ['--profile', pipeline.profile])].join(' ');
  throw new UserError(
    `the report reads what other stages have not written yet: ${listed(shown)}, of which ${first} is the first.\n` +
      `\`${run}\` makes them, and then the report; \`pipeline report\` only makes the report.`,
  );
};

const readsOf = ({inputs}: Graph['instances'][number]) => inputs.flatMap(({sources}) => sources);
