import {existsSync} from 'node:fs';
import type {OpenRemote, Remote} from '../contract/remote.ts';
import type {Project} from '../runner/project.ts';
import {packageFile} from './package-files.ts';
import {UserError} from './user-error.ts';

/** `src/remotes/<scheme>.ts` for `scheme://…`, src/remotes/folder.ts for anything else: no list to keep. */
export const findRemote = async (
  {graph, env}: Project,
  purpose: 'push' | 'pull',
  chosen: string | undefined,
): Promise<{readonly address: string; readonly remote: Remote}> => {
  const {root, file, remote: written} = graph.pipeline;
  const address = chosen ?? written;
  if (address === undefined) {
    throw new UserError(
      `${file} names no place for shared outputs. Write one beside \`version:\`, for example \`remote: ../shared-outputs\` ` +
        'or `remote: s3://BUCKET/PATH`, or give --remote.',
    );
  }
  const [, scheme] = /^([a-z][a-z0-9]*):\/\//.exec(address) ?? [];
  const kind = scheme ?? 'folder';
  if (kind !== 'folder' && !existsSync(packageFile(`dist/src/remotes/${kind}.js`)))
    throw new UserError(`expected the remote to be a folder or s3://BUCKET/PATH, got "${address}"`);
  // The bundler turns the template into a table of all files that match it.
  const {default: open} = (await import(`../remotes/${kind}.ts`)) as {default: OpenRemote};
  const remote = open(address, {root, env});
  const problem = await remote.problem(purpose);
  if (problem !== null) throw new UserError(`the remote ${address} cannot be used: ${problem}`);
  return {address, remote};
};
