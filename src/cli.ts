import {readFileSync} from 'node:fs';
import {packageFile} from './commands/package-files.ts';
import {exitWith, reportBug} from './commands/exit.ts';

/** The composition root: commands are declared here, and each loads what it needs only when it is given. */
const main = async (argv: readonly string[]): Promise<void> => {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${version()}\n`);
    return;
  }
  const {createProgram} = await import('./commands/program.ts');
  await createProgram(version()).parseAsync(argv, {from: 'user'});
};

const version = (): string =>
  (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {version: string}).version;

process.on('uncaughtException', reportBug);
process.on('unhandledRejection', reportBug);
// `pipeline graph | head -1`: whoever read has enough, and that is no mistake of anybody's.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

await main(process.argv.slice(2)).catch(exitWith);
