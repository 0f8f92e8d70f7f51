import {Command, Option} from '@commander-js/extra-typings';
import {formatBytes} from '../reporters/size-text.ts';
import {plural} from '../report/format.ts';
import {type Pushed, push} from '../runner/remote/push.ts';
import {findRemote} from './find-remote.ts';
import {openHere} from './open.ts';
import {fileOption, jsonOption, profileOption, setOption} from './options.ts';
import {printResult} from './output.ts';
import {sizeArgument} from './store-limit.ts';
import {pathLines, remoteOption, transfer} from './transfer.ts';

export const pushCommand = () =>
  new Command('push')
    .description('copy outputs that lock files name to a shared place, for other machines to pull')
    .argument('[stage...]', 'only these: stage, or stage@axis=value,… (default: all)')
    .addOption(remoteOption())
    .addOption(maxOutputOption())
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(fileOption())
    .addOption(jsonOption('the numbers as one JSON object'))
    .addHelpText('after', examples)
    .action(async (select, options) => {
      const project = await openHere(options);
      const {address, remote} = await findRemote(project, 'push', options.remote);
      const maxBytes = options.maxOutput ?? Infinity;
      const pushed = await transfer('sent', tools => push(project, remote, {select, maxBytes, ...tools}));
      if (pushed === null) return;
      if (options.json) printResult(JSON.stringify({remote: address, ...pushed}));
      else for (const line of linesOf(pushed, address, maxBytes)) printResult(line);
    });

const maxOutputOption = () =>
  new Option('--max-output <size>', 'leave out what is larger: 1MB, 500kB').argParser(sizeArgument);

const linesOf = (
  {outputs, sentObjects, sentBytes, there, tooLarge, absent}: Pushed,
  address: string,
  maxBytes: number,
): string[] => {
  if (outputs === 0) return ['nothing to push: no lock file names an output; `pipeline run` makes some'];
  const sent = outputs - there - tooLarge.length - absent.length;
  return [
    `pushed ${plural(sent, 'output')} to ${address}: ${plural(sentObjects, 'object')}, ${formatBytes(sentBytes)}; ${there} ${there === 1 ? 'was' : 'were'} there`,
    ...(tooLarge.length > 0 ? [`larger than ${formatBytes(maxBytes)}, left out:`, ...pathLines(tooLarge)] : []),
    ...(absent.length > 0
      ? ['recorded, and not on this machine (cleared away, or made elsewhere and not pulled):', ...pathLines(absent)]
      : []),
  ];
};

const examples = `
Lock files (pipeline.lock/, committed to git) say what each stage wrote; push copies the bytes, and
\`pipeline pull\` brings them to a checkout that has the lock files. Only what is missing there travels.

Examples:
  pipeline push                               all, to the \`remote:\` of pipeline.yaml
  pipeline push report train@seed=1           only these
  pipeline push --max-output 5MB              results without models
  pipeline push --remote s3://lab/distil      credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY

Exit codes: 0 done, 1 the transfer failed, 2 the input is wrong, 130 interrupted`;
