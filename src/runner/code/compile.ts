import type * as esbuild from 'esbuild';

type Transform = typeof esbuild.transformSync;

/** A module as it will run, before its packages are looked for: comments, types and formatting are gone. */
export interface Compiled {
  readonly text: string;
  readonly map: string;
  /** Literal specifiers of static and dynamic imports, relative ones with their original extension. */
  readonly relative: readonly string[];
  readonly bare: readonly string[];
}

/** A module that cannot be compiled; the message has file:line:col. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

/** Compiles one TypeScript or JavaScript module. `name` is what messages call it, `file` where its source lies. */
export const compile = async (source: string, name: string, file: string): Promise<Compiled> => {
  // Only when a module is new or edited: planning an unchanged project loads neither.
  const [{transformSync}, lexer] = await Promise.all([import('esbuild'), import('es-module-lexer')]);
  await lexer.init;
  const {code, map} = transform(transformSync, source, name, file);
  const [imports] = lexer.parse(code);
  const relative = new Set<string>();
  const bare = new Set<string>();
  let text = '';
  let done = 0;
  for (const {s, e, d, n} of imports) {
    if (d === -2) continue; // import.meta
    const written = code.slice(s, e);
    if (n !== undefined) (/^\.{1,2}\//.test(n) ? relative : bare).add(n);
    // A literal path, or a computed one whose text ends in `.ts`: `import(`../methods/${name}.ts`)`.
    const renamed =
      n === undefined
        ? written.replace(/\.m?ts(?=['"`])/g, toJs)
        : /^\.{1,2}\//.test(n)
          ? written.replace(/\.m?ts(?=['"`]?$)/, toJs)
          : written;
    text += code.slice(done, s) + renamed;
    done = e;
  }
  text += code.slice(done);
  for (const [, name] of text.matchAll(/\b(?:resolve|require)\(\s*["'`]([^"'`$\s]+)["'`]/g)) {
    // Data packages are found by `createRequire(…).resolve('name/package.json')`: their versions count as well.
    if (name !== undefined && /^[@a-z]/i.test(name)) bare.add(name);
  }
  return {text, map, relative: [...relative].sort(), bare: [...bare].sort()};
};

const toJs = (extension: string): string => extension.replace('ts', 'js');

const transform = (
  transformSync: Transform,
  source: string,
  name: string,
  file: string,
): {code: string; map: string} => {
  try {
    return transformSync(source, {
      loader: /\.m?ts$/.test(name) ? 'ts' : 'js',
      format: 'esm',
      target: 'node20',
      legalComments: 'none',
      minifyWhitespace: true,
      sourcemap: 'external',
      sourcefile: file,
      sourcesContent: false,
      logLevel: 'silent',
      tsconfigRaw: {compilerOptions: {verbatimModuleSyntax: true}},
    });
  } catch (error) {
    const [first] =
      (error as {errors?: {text: string; location: {line: number; column: number; lineText: string} | null}[]})
        .errors ?? [];
    if (first?.location == null) throw error;
    const {line, column, lineText} = first.location;
    throw new CompileError(`${name}:${line}:${column + 1} ${first.text}\n  ${lineText}\n  ${' '.repeat(column)}^`);
  }
};
