import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {createRig, type Rig} from '../rig.ts';

// What a stage really loads has to be in its key, or an edit of it would change results behind the cache's back. Every
// job of a whole small experiment writes down each module that Node loads for it, which is compared with its lock file.

const repository = join(import.meta.dirname, '..', '..');

/** Loaded before everything else in each process; the processes of jobs write `<pid>` files. */
const hook = `
import {appendFileSync} from 'node:fs';
import {createRequire, register} from 'node:module';
if (process.argv[1]?.endsWith('worker.js')) {
  const write = line => appendFileSync(\`\${process.env.LOADED_FOLDER}/\${process.pid}\`, line + '\\n');
  register('./loader.js', import.meta.url);
  // CommonJS modules and native ones, which the loader does not see.
  process.on('exit', () => Object.keys(createRequire(import.meta.url).cache).forEach(write));
}
`;
const loader = `
import {appendFileSync} from 'node:fs';
export const load = (url, context, next) => {
  appendFileSync(\`\${process.env.LOADED_FOLDER}/\${process.pid}\`, url + '\\n');
  return next(url, context);
};
`;

interface Closure {
  readonly type: string;
  readonly modules: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

test('every stage type loads nothing but what its key names', {timeout: 1_200_000}, async () => {
  const rig = recordingRig();
  // The hook writes where no stage may.
  const pipeline = readFileSync(join(repository, 'pipeline.yaml'), 'utf8');
  rig.write({'pipeline.yaml': pipeline.replaceAll(/^    type: .*$/gm, '$&\n    hermetic: false')});
  // The smallest experiment that has each stage type of pipeline.yaml in it.
  const settings = {
    tasks: '[topic]',
    rows: '{train: 120, dev: 60}',
    labels: '[60]',
    sentences: '300',
    epochs: '1',
    heldOut: '50',
    controls: '[lsa]',
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const {code, stderr} = await rig.run('run', '--profile', 'smoke', ...set);
  expect(code, stderr).toBe(0);
  const closures = readClosures(rig, 'pipeline.lock/pipeline-smoke');
  const {types, strangers} = compare(rig, closures);
  expect(strangers).toEqual([]);
  const pipelineTypes = new Set(closures.map(({type}) => type));
  expect(types).toEqual([...pipelineTypes].sort());
  // The others run in the papers' pipelines, which CI runs small with the guard on: it refuses what a key does not name.
  const papers = readdirSync(join(repository, 'papers')).map(name =>
    readFileSync(join(repository, 'papers', name), 'utf8'),
  );
  const ofPapers = papers.flatMap(text => [...text.matchAll(/^ {4}type: (\S+)/gm)].map(([, type]) => type));
  const all = readdirSync(join(repository, 'stages')).map(name => name.replace(/\.ts$/, ''));
  const unguarded = all.filter(type => !pipelineTypes.has(type) && !ofPapers.includes(type));
  expect(unguarded, 'stage types that no pipeline of the repository has').toEqual([]);
});

test('a module that is loaded by a computed name and not declared is found out', async () => {
  const rig = recordingRig();
  rig.write({
    'in.txt': '',
    'src/hidden.ts': 'export const hidden = 1;\n',
    'src/data.cjs': 'module.exports = 2;\n',
    'stages/sly.ts': `
import {createRequire} from 'node:module';
import {writeFileSync} from 'node:fs';
import {z} from 'zod';
import {defineStage} from 'distill-pipeline/stage';
export default defineStage({
  description: 'Loads more than it says.',
  params: z.strictObject({}),
  inputs: {},
  outputs: {text: 'text.txt'},
  async run(ctx) {
    const {hidden} = await import(\`\${process.cwd()}/src/hidden.\${'mjs'}\`);
    const data = createRequire(\`\${process.cwd()}/x\`)('./src/data.cjs');
    writeFileSync(ctx.out.text, String(hidden + data));
  },
});
`,
    'src/hidden.mjs': 'export const hidden = 1;\n',
  });
  rig.pipeline('sly: {type: sly, hermetic: false}');
  expect(await rig.changed()).toEqual({sly: 'ran'});
  const {strangers} = compare(rig, readClosures(rig, 'pipeline.lock'));
  expect(strangers).toEqual(['sly loads src/data.cjs', 'sly loads src/hidden.mjs']);
});

const recordingRig = (): Rig => {
  const env: Record<string, string> = {};
  const rig = createRig(env);
  rig.write({
    'hook/hook.js': hook,
    'hook/loader.js': loader,
    'hook/package.json': '{"type":"module"}',
    'loaded/.keep': '',
  });
  env['NODE_OPTIONS'] = `--import=${join(rig.root, 'hook', 'hook.js')}`;
  env['LOADED_FOLDER'] = join(rig.root, 'loaded');
  return rig;
};

const readClosures = (rig: Rig, folder: string): Closure[] =>
  readdirSync(join(rig.root, folder)).map(name => {
    const {command, code, packages} = JSON.parse(rig.read(`${folder}/${name}`)) as {
      command: {type: string};
      code: Record<string, unknown>;
      packages: Record<string, unknown>;
    };
    return {
      type: command.type,
      modules: new Set(Object.keys(code).map(file => file.replace(/\.ts$/, '.js'))),
      packages: new Set(Object.keys(packages)),
    };
  });

/** What was loaded by a job and is in none of the closures of its type. */
const compare = (rig: Rig, closures: readonly Closure[]): {types: string[]; strangers: string[]} => {
  const strangers = new Set<string>();
  const types = new Set<string>();
  for (const name of readdirSync(join(rig.root, 'loaded')).filter(each => /^\d+$/.test(each))) {
    const lines = [...new Set(rig.read(`loaded/${name}`).trim().split('\n'))];
    const files = lines
      .filter(line => /^(file:|\/)/.test(line))
      .map(line => (line.startsWith('/') ? line : fileURLToPath(line)));
    const modules = files.map(file => compiledIn(rig, file));
    const type = modules.map(module => /^(?:@tool\/)?stages\/(.+)\.js$/.exec(module ?? '')?.[1]).find(Boolean) ?? '?';
    types.add(type);
    const own = closures.filter(closure => closure.type === type);
    for (const [index, file] of files.entries()) {
      const module = modules[index];
      const isKnown =
        module !== null && module !== undefined
          ? own.some(closure => closure.modules.has(module))
          : own.some(({packages}) => packages.has(packageIn(file))) || isWorkers(file);
      if (!isKnown) strangers.add(`${type} loads ${module ?? (packageIn(file) || relative(rig.root, file))}`);
    }
  }
  return {types: [...types].sort(), strangers: [...strangers].sort()};
};

/** `.pipeline/code/<hash>/@tool/src/x.js` → `@tool/src/x.js`. */
const compiledIn = (rig: Rig, file: string): string | null =>
  /^\.pipeline\/code\/[0-9a-f]+\/(?!@tool\/node_modules)(.*)$/.exec(relative(rig.root, file))?.[1] ?? null;

/** The worker and the contract belong to the tool's version, and so does the hook of this test. */
const isWorkers = (file: string): boolean =>
  /\/(dist\/src\/(worker|contract\/(?:stage|arity|denied-access))|hook\/(hook|loader))\.js$/.test(file);

/** `…/node_modules/a/node_modules/@b/c/d.js` → `a/node_modules/@b/c`, as keys name it; '' outside of packages. */
const packageIn = (file: string): string =>
  file
    .split('/node_modules/')
    .slice(1)
    .map(part =>
      part
        .split('/')
        .slice(0, part.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .join('/node_modules/');
