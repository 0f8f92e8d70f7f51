// Runs TensorFlow.js's own test suite on the jit's tfjs backend: node test/conformance-tfjs/run.js [--quick] [--only <regex>]
import {mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {parseArgs} from 'node:util';
import {bundle, testFiles} from './bundle.js';
import {readExclusions} from './exclusions.js';

/** Left out by --quick: what no model, loss or optimizer of this project is near. */
const farAway = /image|conv|pool|signal|spectral|sparse|string|ragged|^io\/|fft|platform|browser|router|dilation/;

const {values: options} = parseArgs({
  options: {quick: {type: 'boolean', default: false}, only: {type: 'string'}, help: {type: 'boolean', default: false}},
});

/** Jasmine, installed as a development dependency. */
const loadJasmine = () => {
  try {
    const jasmine = createRequire(import.meta.url)('jasmine-core');
    jasmine.installGlobals();
    return jasmine.jasmine;
  } catch (error) {
    console.error(
      `The conformance suite needs the package jasmine-core (${error.code ?? error.message}): run npm install.`,
    );
    return null;
  }
};

/** Declares a file's tests; what it declares at the top is named after it. */
const declareAll = declarations => {
  const describe = globalThis.describe;
  let [depth, file] = [0, ''];
  const taken = new Map();
  const ownName = name => {
    const label = `${file} | ${name}`;
    taken.set(label, (taken.get(label) ?? 0) + 1);
    return taken.get(label) > 1 ? `${label} (${taken.get(label)})` : label;
  };
  globalThis.describe = (name, body) =>
    describe(depth === 0 ? ownName(name) : name, () => {
      depth++;
      try {
        body();
      } finally {
        // Jasmine goes on where the body of a suite throws, and reports it.
        depth--;
      }
    });
  for ([file] of Object.entries(declarations)) declarations[file]();
};

/** Every test with its name, without the environment's, and its first complaint. */
const runAll = async jasmine => {
  const {module, declare} = await load();
  module.recordingBackend();
  module.setTestEnvs([{name: 'jit', backendName: module.backendName, isDataSync: true}]);
  const environment = jasmine.getEnv();
  // TensorFlow.js names several suites of a file alike.
  environment.configure({random: false, forbidDuplicateNames: false});
  declare();
  const results = [];
  environment.addReporter({
    specDone: ({fullName, status, failedExpectations}) => {
      const name = fullName.replace(/ jit \{\}/g, '').replace(/\s+/g, ' ');
      const [first] = failedExpectations;
      results.push({name, status, message: first ? first.message.split('\n')[0] : ''});
    },
  });
  // The tests print what print() prints, and warn of what they provoke.
  const console_ = {log: console.log, warn: console.warn};
  Object.assign(console, {log: () => undefined, warn: () => undefined});
  await environment.execute();
  Object.assign(console, console_);
  return results;
};

const load = async () => {
  const wanted = options.only ? new RegExp(options.only) : null;
  const files = (await testFiles()).filter(
    file => (!wanted || wanted.test(file)) && (!options.quick || !farAway.test(file)),
  );
  const folder = fileURLToPath(new URL('../../node_modules/.cache/conformance-tfjs/', import.meta.url));
  mkdirSync(folder, {recursive: true});
  const outfile = join(folder, 'bundle.mjs');
  await bundle(files, outfile);
  const module = await import(pathToFileURL(outfile).href);
  return {module, declare: () => declareAll(module.declare)};
};

/** Prints the account; true where nothing failed and every exclusion is needed. */
const report = (results, exclusions) => {
  const counts = new Map(exclusions.reasons.map(reason => [reason, 0]));
  const [failed, needless] = [[], []];
  let [passed, skipped] = [0, 0];
  for (const {name, status, message} of results) {
    const reason = exclusions.reasonFor(name);
    if (status === 'passed') {
      passed++;
      if (reason && exclusions.names(name)) needless.push(name);
    } else if (status !== 'failed') skipped++;
    else if (reason) counts.set(reason, counts.get(reason) + 1);
    else failed.push(`${name}\n      ${message}`);
  }
  const excluded = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const whole = !options.quick && !options.only;
  const unknown = whole ? exclusions.unknown(results.map(({name}) => name)) : [];
  for (const line of failed) console.log(`fail  ${line}`);
  for (const name of needless) console.log(`passes, so its exclusion must go: ${name}`);
  for (const name of unknown) console.log(`excluded, but there is no such test: ${name}`);
  console.log(
    `${results.length} tests: ${passed} pass, ${excluded} excluded, ${failed.length} fail, ${skipped} switched off by TensorFlow.js`,
  );
  for (const [reason, count] of counts) if (count > 0) console.log(`${String(count).padStart(5)}  ${reason}`);
  return failed.length + needless.length + unknown.length === 0 && results.length > 0;
};

if (options.help) console.log('node test/conformance-tfjs/run.js [--quick] [--only <regex of file names>]');
else {
  const jasmine = loadJasmine();
  if (jasmine) process.exitCode = report(await runAll(jasmine), readExclusions()) ? 0 : 1;
  else process.exitCode = 2;
}
