import {Command} from '@commander-js/extra-typings';
import type {Verdict} from '../contract/event.ts';
import {formatDuration} from '../reporters/duration.ts';
import {createReporter} from './create-reporter.ts';
import {findExecutor} from './find-executor.ts';
import {openHere} from './open.ts';
import {fileOption, jobsOption, jsonOption, profileOption, setOption} from './options.ts';
import {colorsFor, printResult} from './output.ts';
import {startSession} from './session.ts';

export const verifyCommand = () =>
  new Command('verify')
    .description('run stages once more, aside, and compare what they write with what is recorded')
    .argument('[stage...]', 'stage, or stage@axis=value,… (default: all; what they need is taken as recorded)')
    .addOption(jobsOption())
    .option('--executor <name>', 'where jobs run', 'local')
    .option('--strace', 'also look whether shell stages open files of the project that they do not declare')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('one JSON line on stdout for each stage'))
    .addHelpText('after', examples)
    .action(async (select, options) => {
      const started = performance.now();
      const project = await openHere(options);
      const executor = await findExecutor(options.executor);
      const [{verify}, {compareFiles}] = await Promise.all([
        import('../runner/verify/verify.ts'),
        import('./verify/compare-files.ts'),
      ]);
      const session = startSession(executor);
      const isJson = options.json === true;
      try {
        const verdicts = await session.run(createReporter(isJson), (reporter, signal) =>
          verify(project, {
            select,
            ...(options.jobs === undefined ? {} : {jobs: options.jobs}),
            executor,
            signal,
            compareFiles,
            isTraced: options.strace === true,
            report: event => reporter.report(event),
          }),
        );
        const isStopped = session.signal.aborted;
        if (!isJson) printResult(summary(verdicts, (performance.now() - started) / 1000, isStopped));
        process.exitCode = isStopped ? 130 : verdicts.every(isGood) ? 0 : 1;
      } finally {
        session.end();
      }
    });

const isGood = ({kind}: Verdict): boolean => kind === 'same' || kind === 'within-tolerance' || kind === 'not-compared';

const words: readonly (readonly [Verdict['kind'], string])[] = [
  ['failed', 'failed'],
  ['differs', 'different'],
  ['not-fresh', 'not fresh'],
  ['same', 'same'],
  ['within-tolerance', 'within tolerance'],
  ['not-compared', 'not compared'],
];

const summary = (verdicts: readonly Verdict[], seconds: number, isStopped: boolean): string => {
  const colors = colorsFor(process.stdout);
  const parts = words
    .map(([kind, word]) => [verdicts.filter(verdict => verdict.kind === kind).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const good = verdicts.every(isGood);
  const title = isStopped ? colors.yellow('interrupted') : good ? colors.green('verified') : colors.red('not verified');
  return `${title}: ${parts.join(', ') || 'nothing'} (${formatDuration(seconds)})`;
};

const examples = `
The stage runs in a folder of its own that only looks like the project: artifacts and lock files stay as
they are. What it writes must have the same bytes, unless the stage says otherwise, in pipeline.yaml or in
its type: \`tolerance: {relative: 1e-6, absolute: 1e-9}\` for the numbers in .json, .jsonl, .arrow and
.safetensors files, or \`reproducible: false\` for what takes times.

Examples:
  pipeline verify                 all stages
  pipeline verify idf report      only these two
  pipeline verify train@seed=1 --json

Exit codes: 0 all came out as recorded, 1 something differs, failed or is not fresh, 2 the input is wrong,
130 interrupted`;
