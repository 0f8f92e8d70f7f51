import {readFileSync} from 'node:fs';
import {setFlagsFromString} from 'node:v8';
import {packageFile} from './commands/package-files.ts';
import {exitWith, reportBug} from './commands/exit.ts';

/**
 * The command lives for milliseconds to minutes and has little data. V8's defaults would spend an eighth of a run's CPU
 * time on optimising code that is then used for a moment, and keep 30 MB of room for garbage: it optimises what is
 * really hot, and collects sooner. Each version of V8 has flags of its own and complains of others.
 */
const tuneForShortLife = (): void => {
  const flags: Readonly<Record<string, readonly string[]>> = {
    20: ['--interrupt-budget=1000000', '--semi-space-growth-factor=1'],
    24: ['--semi-space-growth-factor=1'],
  };
  for (const flag of flags[process.versions.node.split('.')[0] ?? ''] ?? []) setFlagsFromString(flag);
};

/** The composition root: commands are declared here, and each loads what it needs only when it is given. */
const main = async (argv: readonly string[]): Promise<void> => {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${version()}\n`);
    return;
  }
  tuneForShortLife();
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
