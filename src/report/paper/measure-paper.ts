import {median} from '../../math/descriptive.ts';
import type {ReportData} from '../data.ts';
import {axisText} from '../cells.ts';
import {clearlyBest} from '../clearly-best.ts';
import {costsByArm} from '../cost.ts';
import {
  agree,
  armRuns,
  coveredMean,
  onSplit,
  seedValues,
  type ArmRuns,
  type Measure,
  type SeedValue,
} from './measured.ts';
import type {PaperRow, PaperSpec} from './paper-spec.ts';
import {judgePaper, type PaperTest} from './judge-paper.ts';

/** Our runs of one column in one line. */
export interface Measured {
  readonly runs: readonly SeedValue[];
  /** Of the arm that an ablation is compared with; null in other rows. */
  readonly reference: readonly SeedValue[] | null;
  /** A fact that has no runs (parameters, seconds). */
  readonly fact: number | null;
  readonly tests: readonly PaperTest[];
  readonly best: boolean;
}

/** One line of our numbers. */
export interface Line {
  readonly row: PaperRow;
  /** Axis values, where an arm has several. */
  readonly label: string;
  readonly columns: readonly Measured[];
  /** `20`, or `18 to 20`; '' without runs. */
  readonly seeds: string;
  readonly most: number;
}

export const centreOf = (spec: PaperSpec, runs: readonly SeedValue[]): number => {
  const values = runs.map(run => run.value);
  return spec.centre === 'median' ? median(values) : values.reduce((sum, v) => sum + v, 0) / values.length;
};

export const armsOfTable = (spec: PaperSpec, {results}: ReportData): ArmRuns[] =>
  armRuns(
    results,
    spec.rows.flatMap(({arm}) => arm ?? []),
  );

/** Measures on the split that there is, each mean cut to the tasks that all arms of the table have. */
export const coveredMeasures = (spec: PaperSpec, arms: readonly ArmRuns[]): (Measure | null)[] =>
  spec.columns.map(column => {
    const measure = onSplit(column.measure, arms);
    return measure.kind === 'mean' ? (coveredMean(measure, arms)?.measure ?? null) : measure;
  });

const known = new WeakMap<PaperSpec, WeakMap<ReportData, Line[]>>();

/** Everything of ours that the table can print, tested over the whole table at once; made once for all formats. */
export const measurePaper = (spec: PaperSpec, data: ReportData): Line[] => {
  const ofSpec = known.get(spec) ?? new WeakMap<ReportData, Line[]>();
  known.set(spec, ofSpec);
  const lines = ofSpec.get(data) ?? measure(spec, data);
  ofSpec.set(data, lines);
  return lines;
};

const measure = (spec: PaperSpec, data: ReportData): Line[] => {
  const arms = armsOfTable(spec, data);
  const measures = coveredMeasures(spec, arms);
  const runsOf = (arm: string): ArmRuns[] => arms.filter(runs => runs.arm === arm);
  const costs = costsByArm(data.cost, data.results.headline);
  const beside = (arm: string, own: ArmRuns): ArmRuns | undefined => runsOf(arm).find(other => agree(own, other));
  const plain = spec.rows.flatMap(row => {
    if (row.arm === undefined) return [];
    const groups = runsOf(row.arm);
    const cost = costs.get(row.arm);
    // Size and speed are there without any score: a table of cost alone has no seeds.
    const all = groups.length > 0 || !cost ? groups : [{arm: row.arm, axis: {}, scores: []}];
    return all.map(own => ({
      row,
      own,
      label: groups.length > 1 ? axisText(own.axis) : '',
      columns: measures.map(measure => {
        const reference = row.relativeTo === undefined ? undefined : beside(row.relativeTo, own);
        return {
          runs: measure ? seedValues(own, measure) : [],
          reference: row.relativeTo === undefined ? null : measure && reference ? seedValues(reference, measure) : [],
          fact: measure?.kind === 'model' && cost ? measure.of(cost) : null,
          against: (row.against ?? []).map(arm => {
            const other = beside(arm, own);
            return {arm, runs: measure && other ? seedValues(other, measure) : []};
          }),
        };
      }),
    }));
  });
  const tests = judgePaper(spec, plain);
  return plain
    .map((line, at) => ({...line, at}))
    .filter(({columns}) => columns.some(({runs, fact}) => runs.length > 0 || fact !== null))
    .map(({row, own, label, columns, at}) => {
      const counts = columns.filter(c => c.runs.length > 0).map(c => c.runs.length);
      const [low, high] = [Math.min(...counts), Math.max(...counts)];
      return {
        row,
        label,
        seeds: counts.length === 0 ? '' : low === high ? `${low}` : `${low} to ${high}`,
        most: counts.length === 0 ? 0 : high,
        columns: columns.map((column, i) => ({
          ...column,
          tests: tests[at]?.[i] ?? [],
          best: isBest(plain, own, at, i),
        })),
      };
    });
};

type Plain = readonly {
  readonly row: PaperRow;
  readonly own: ArmRuns;
  readonly columns: readonly {readonly runs: readonly SeedValue[]}[];
}[];

/** Among the arms whose axes agree, in this column; ablations are printed as differences and are never bold. */
const isBest = (lines: Plain, own: ArmRuns, at: number, column: number): boolean => {
  const rivals = lines.flatMap((line, index) => {
    const runs = line.columns[column]?.runs ?? [];
    const isRival = runs.length > 0 && agree(own, line.own) && line.row.relativeTo === undefined;
    return isRival ? [{index, values: runs.map(run => run.value)}] : [];
  });
  return clearlyBest(rivals)?.index === at;
};
