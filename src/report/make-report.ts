import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Cost} from './cost.ts';
import {renderCostPage} from './cost-page.ts';
import type {Curve} from './curves.ts';
import {renderReport} from './document.ts';
import {plural} from './format.ts';
import type {StageFact} from './mermaid.ts';
import {compareCodeUnits} from './order.ts';
import {drawCostPictures, drawPictures} from './plots/draw.ts';
import {readCost, readCurves, readFacts, readScores, readTests, readTrainings, type SourceFile} from './read-inputs.ts';
import {formatResults} from './format-results.ts';
import {parseResults} from './parse-results.ts';
import type {Distillation, Published, Results} from './results.ts';
import {packageVersions} from './packages.ts';
import type {NamedTable} from './sections.ts';
import {writeTables} from './write-tables.ts';

type InputName = 'scores' | 'tests' | 'curves' | 'training' | 'cost' | 'corpus' | 'tasks' | 'poolings';

export interface ReportOptions {
  readonly title: string;
  readonly question?: string | undefined;
  readonly headline: {readonly a: string; readonly b: string};
  readonly arms: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly tables: readonly NamedTable[];
  readonly published: readonly Published[];
  readonly pooled: readonly string[];
  readonly armAxes: readonly string[];
  readonly in: Readonly<Record<InputName, readonly SourceFile[]>>;
  /** Absolute paths; `plots` and `tables` are folders. */
  readonly out: Readonly<Record<'index' | 'results' | 'cost' | 'costs' | 'plots' | 'tables', string>>;
  readonly pipeline: {readonly name: string; readonly profile: string; readonly stages: readonly StageFact[]};
}

/** Reads what the stages found and writes all that stands in the report's folder. */
export const makeReport = async (options: ReportOptions): Promise<void> => {
  const {in: files, out, pooled} = options;
  const curves = readCurves(files.curves, options.armAxes);
  const cost = readCost(files.cost);
  const written = formatResults({
    schema: 1,
    pipeline: options.pipeline.name,
    profile: options.pipeline.profile,
    headline: options.headline,
    scores: readScores(files.scores, pooled),
    tests: readTests(files.tests, pooled),
    distillation: curves.map(summaryOf),
    sizes: cost && sizesOf(cost),
    published: [...options.published],
  });
  // What is printed is made from what was written, so that a report can never say more than its results.json.
  const results = parseResults(written, 'results.json');
  writeFileSync(out.results, written);
  mkdirSync(out.plots, {recursive: true});
  const draw = (name: string, svg: string): void => writeFileSync(path.join(out.plots, `${name}.svg`), svg);
  const trainings = readTrainings(files.training, pooled);
  const pictures = await drawPictures(results, {distillations: curves, trainings}, draw);
  const [untimed, timed] = [
    {results, cost: null},
    {results, cost},
  ];
  const index = renderReport({
    title: options.title,
    question: options.question ?? null,
    arms: options.arms,
    notes: options.notes,
    data: untimed,
    tables: options.tables,
    pictures,
    corpus: readFacts(files.corpus),
    poolings: readFacts(files.poolings),
    tasks: readFacts(files.tasks),
    stages: options.pipeline.stages,
    hasCost: cost !== null,
    provenance: [...provenance(files), `Packages: ${packageVersions().join(', ')}.`],
  });
  writeFileSync(out.index, index);
  writeFileSync(out.costs, `${JSON.stringify(cost, null, 2)}\n`);
  const costPictures = await drawCostPictures(results, cost, draw);
  writeFileSync(out.cost, renderCostPage(options.title, timed, options.tables, costPictures));
  writeTables(options.tables, ({table}) => (table.timed ? timed : untimed), out.tables);
};

const summaryOf = (curve: Curve): Distillation => {
  const {arm, seed, final, untrained, bagOfWords, parameters, sentences, epochs, from} = curve;
  return {arm, seed, final, untrained, bagOfWords, parameters, sentences, epochs, from};
};

const sizesOf = ({teacher, student, bertBase, models}: Cost): NonNullable<Results['sizes']> => {
  const size = ({name, bytes, parameters}: Cost['teacher']) => ({name, bytes, parameters});
  return {
    teacher: size(teacher),
    student: size(student),
    ...(bertBase ? {bertBase: size(bertBase)} : {}),
    ...(models ? {models: models.map(({arm, ...model}) => ({arm, ...size(model)}))} : {}),
  };
};

/** One line for each kind of input: how many files, and a fingerprint of all of them. Cost is timings: no fingerprint. */
const provenance = (files: ReportOptions['in']): string[] =>
  (['scores', 'tests', 'curves', 'training', 'corpus', 'tasks', 'poolings'] as const)
    .filter(name => files[name].length > 0)
    .map(name => {
      const hashes = files[name]
        .filter(file => statSync(file.path).isFile())
        .map(file => sha256(readFileSync(file.path)));
      const all = sha256(hashes.sort(compareCodeUnits).join('\n'));
      return `Read as \`${name}\`: ${plural(files[name].length, 'file')}, sha256 \`${all.slice(0, 16)}\`.`;
    });

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
