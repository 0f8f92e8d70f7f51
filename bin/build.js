import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {basename, dirname, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The package's own folder: sources are read from it, `dist/` is written into it. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const sourceFolders = ['src', 'bench'];
const alsoStamped = ['package.json', 'package-lock.json', 'bin/build.js'];

/** Pure JavaScript that the command needs in nearly every call: one file to read is faster than a package to resolve. */
const bundledPackages = new Set([
  '@commander-js/extra-typings',
  'commander',
  'es-module-lexer',
  'execa',
  'fastest-levenshtein',
  'markdown-table',
  'picocolors',
  'simple-statistics',
  'tinyglobby',
  'yaml',
  'zod',
]);

/** Compiles into `dist/` if it is missing or made from other sources than those that lie here now. */
export const ensureBuilt = async (root = packageRoot) => {
  // Sources may be saved while they are compiled, which the loop sees.
  while (!isCurrent(root)) if (!(await build(root))) return;
};

const isCurrent = root => readOrEmpty(join(root, 'dist', 'stamp')) === stampOf(root, listSources(root));

/** False when there is nothing to write to but an older build to use. */
const build = async root => {
  const sources = listSources(root);
  const stamp = stampOf(root, sources);
  const dist = join(root, 'dist');
  const temporary = join(dist, `.new-${process.pid}-${Date.now().toString(36)}`);
  try {
    mkdirSync(temporary, {recursive: true});
  } catch (error) {
    if (existsSync(join(dist, 'cli', 'cli.js'))) return false; // a read-only installation that was built before
    throw new Error(`cannot write ${dist} (${error.code}): run \`pipeline --version\` once as a user who may`);
  }
  try {
    await Promise.all([
      compileModules(root, sources, temporary),
      bundleCommand(root, join(temporary, 'cli')),
      bundleStatistics(root, temporary),
    ]);
    writeFileSync(join(temporary, 'stamp'), stamp);
    await withLock(join(dist, '.lock'), () => {
      // Older results never go over newer ones: another process may have built later sources in the meantime.
      if (stampOf(root, listSources(root)) === stamp) install(temporary, dist);
    });
  } finally {
    rmSync(temporary, {recursive: true, force: true});
  }
  return true;
};

/** Held for milliseconds; a lock that is older was left by a process that was killed. */
const withLock = async (lock, act) => {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (ageMs(lock) > abandonedAfterMs) rmSync(lock, {recursive: true, force: true});
      else await new Promise(resolve => setTimeout(resolve, 10));
    }
  }
  try {
    act();
  } finally {
    rmSync(lock, {recursive: true, force: true});
  }
};
const abandonedAfterMs = 60_000;

/** Root-relative paths of all files below src/ and bench/, sorted. */
const listSources = root => {
  const found = [];
  const walk = folder => {
    for (const entry of readdirSync(join(root, folder), {withFileTypes: true})) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  for (const folder of sourceFolders) if (existsSync(join(root, folder))) walk(folder);
  return found.sort();
};

/** A list instead of a hash of it: loading node:crypto would take longer than everything else here. */
const stampOf = (root, sources) =>
  [...alsoStamped, ...sources]
    .map(path => {
      const stats = statSync(join(root, path), {throwIfNoEntry: false});
      return `${path} ${stats?.size} ${stats?.mtimeMs}\n`;
    })
    .join('');

const readOrEmpty = path => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Module by module, same tree: what workers, benches and stages of a project import. */
const compileModules = async (root, sources, target) => {
  const [{transform}, lexer] = await Promise.all([import('esbuild'), import('es-module-lexer')]);
  await lexer.init;
  await Promise.all(
    sources.map(async path => {
      const text = readFileSync(join(root, path));
      const isTypeScript = extname(path) === '.ts' && !path.endsWith('.d.ts');
      const to = join(target, isTypeScript ? path.replace(/\.ts$/, '.js') : path);
      mkdirSync(dirname(to), {recursive: true});
      if (!isTypeScript) return writeFileSync(to, text);
      const {code} = await transform(text, {
        loader: 'ts',
        format: 'esm',
        target: 'node20',
        sourcefile: path,
        tsconfigRaw: {compilerOptions: {verbatimModuleSyntax: true}},
      });
      writeFileSync(to, withJsSpecifiers(code, lexer.parse(code)[0]));
    }),
  );
};

/** `./x.ts` → `./x.js` in static and dynamic imports, quoted or as a template that ends in `.ts`. */
const withJsSpecifiers = (code, imports) => {
  let result = '';
  let done = 0;
  for (const {s, e, n} of imports) {
    const specifier = code.slice(s, e);
    const renamed = specifier.replace(/\.ts(['"`]?)$/, '.js$1');
    if (renamed === specifier || !/^['"`]?\.{1,2}\//.test(n ?? specifier)) continue;
    result += code.slice(done, s) + renamed;
    done = e;
  }
  return result + code.slice(done);
};

/**
 * Commander loads `node:child_process` for subcommands that are programs of their own, which ours are not: a tenth of
 * the time of a run with nothing to do.
 */
const lazyChildProcess = {
  name: 'lazy-child-process',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^(node:)?child_process$/}, ({importer}) =>
      /[\\/]commander[\\/]lib[\\/]/.test(importer) ? {path: 'child_process', namespace: 'lazy'} : undefined,
    );
    onLoad({filter: /.*/, namespace: 'lazy'}, () => ({
      contents: `exports.spawn = (...all) => process.getBuiltinModule('node:child_process').spawn(...all);`,
      loader: 'js',
    }));
  },
};

const bundle = async (root, options) => {
  const {build} = await import('esbuild');
  const {dependencies, devDependencies, optionalDependencies} = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  await build({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'silent',
    external: Object.keys({...dependencies, ...devDependencies, ...optionalDependencies}).filter(
      name => !bundledPackages.has(name),
    ),
    // CommonJS packages inside an ES module still ask for Node's own modules by `require`.
    plugins: [lazyChildProcess],
    banner: {js: `import {createRequire as $cr} from 'node:module';const require=$cr(import.meta.url);`},
    ...options,
  });
};

const bundleCommand = (root, outdir) =>
  existsSync(join(root, 'src/cli.ts')) ? bundle(root, {entryPoints: ['src/cli.ts'], outdir}) : undefined;

/** `distill-pipeline/stats`: one file without the rest of the package. */
const bundleStatistics = (root, outdir) =>
  existsSync(join(root, 'src/stats.ts')) ? bundle(root, {entryPoints: ['src/stats.ts'], outdir}) : undefined;

/**
 * Renames file by file, never the folder: another process may be starting from `dist/` at this moment. Chunks of earlier
 * builds are kept for a day, because a run that is under way imports its own when it needs them. What others import
 * comes first, the stamp last: a build that was killed is done again.
 */
const install = (from, to) => {
  const last = [join('cli', 'cli.js'), 'stats.js', 'stamp'];
  const paths = filesBelow(from).sort((a, b) => last.indexOf(a) - last.indexOf(b));
  const installed = new Set(paths);
  for (const path of paths) {
    mkdirSync(dirname(join(to, path)), {recursive: true});
    renameSync(join(from, path), join(to, path));
  }
  for (const path of filesBelow(to)) {
    if (installed.has(path)) continue;
    const maybeInUse = path.startsWith('.new-') || basename(path).startsWith('chunk-');
    if (!maybeInUse || ageMs(join(to, path)) > keepChunksMs) rmSync(join(to, path), {force: true});
  }
};
const keepChunksMs = 24 * 60 * 60 * 1000;

const ageMs = path => Date.now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Date.now());

const filesBelow = folder => {
  const found = [];
  const walk = below => {
    let entries = [];
    try {
      entries = readdirSync(join(folder, below), {withFileTypes: true});
    } catch (error) {
      if (error.code !== 'ENOENT') throw error; // another process has tidied up after itself
    }
    for (const entry of entries) {
      const path = join(below, entry.name);
      if (entry.isDirectory()) walk(path);
      else found.push(path);
    }
  };
  walk('');
  return found;
};

// `node bin/build.js` by hand, by npm's `prepare` and before a bench; the command itself never needs it.
if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuilt();
