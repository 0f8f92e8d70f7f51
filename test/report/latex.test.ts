import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import type {ReportData} from '../../src/report/data.ts';
import {latexTable} from '../../src/report/table-latex.ts';
import {defineTable, type AnyTable} from '../../src/report/table.ts';
import {cost, curve, experiment, results, runs} from './fixture.ts';

const folder = path.join(import.meta.dirname, '../../src/report/tables');
const names = readdirSync(folder).map(file => path.basename(file, '.ts'));

const glue = ['cola', 'sst-2', 'mrpc', 'sts-b', 'qqp', 'mnli', 'mnli-mm', 'qnli', 'rte', 'wnli', 'imdb', 'squad'];
const arms = [
  ...['single', 'multi', 'single-single', 'multi-multi', 'single-multi', 'multi-tuned', 'no-layer-rates'],
  ...['teacher', 'finetune', 'hinton', 'tinybert', 'lrc-bert', 'lrc-no-soft', 'distilbert', 'distilbert-no-ce'],
];

/** Of the default experiment, and of every paper's arms: no table is without rows of ours. */
const data = (): ReportData => {
  const base = experiment();
  const metricsOf = (task: string) => [{cola: 'matthews', 'sts-b': 'spearman'}[task] ?? 'accuracy', 'f1'];
  const papers = arms.flatMap((arm, a) =>
    glue.flatMap(task =>
      metricsOf(task).flatMap(metric =>
        runs(
          task,
          arm,
          [0.5, 0.51, 0.52].map(v => v + a / 50),
          metric,
        ),
      ),
    ),
  );
  const noise = ['lrc-bert', 'lrc-no-perturbation'].flatMap(arm =>
    runs('rte', arm, [0.5, 0.6]).map(score => ({...score, axis: {noise: 'typos'}})),
  );
  const labelled = ['ltd', 'plain'].flatMap(arm =>
    runs('sst-2', arm, [0.7, 0.8]).map(score => ({...score, axis: {labels: '500'}})),
  );
  const models = arms.map(arm => ({...cost.student, arm, layers: 4}));
  const published = [
    {paper: 'A & B', what: '100 % of {x_1}', value: '~3 #', verified: false, source: 'a^b \\ $', ours: 'size-ratio'},
  ];
  return {
    results: results([...base.scores, ...papers, ...noise, ...labelled], {
      tests: base.tests,
      distillation: [curve('ltd', 1)],
      published,
    }),
    cost: {...cost, models},
  };
};

/** Ranks are over tasks that all arms have. */
const ranked = (): ReportData => ({
  results: results(glue.flatMap(task => ['a', 'b', 'c'].flatMap((arm, i) => runs(task, arm, [0.5 + i / 50])))),
  cost: null,
});

/** What a name may hold, and a first cell that LaTeX would take for an option of the line before. */
const odd = defineTable({
  title: 'Odd: \\ & % $ # _ { } ~ ^ < > ± − – … × → ≥ ≤ λ δ α τ χ² ½ é "quoted" `code_x` **bold** \\*\\*',
  columns: [{key: 'name', title: 'Name & more'}],
  rows: (_: ReportData) => [{name: 'first'}, {name: '[0.1, 0.2]'}, {name: '*'}, {name: ''}],
});

const found = (await execa('pdflatex', ['--version'], {reject: false})).exitCode === 0;
if (!found) console.log('pdflatex is not installed: the LaTeX tables are not compiled.');

test.skipIf(!found)(
  'every table compiles, without a warning about a character or a line',
  {timeout: 120_000},
  async () => {
    const own = data();
    const tables = await Promise.all(
      names.map(async name => {
        const {default: table} = (await import(path.join(folder, `${name}.ts`))) as {default: AnyTable<ReportData>};
        return [name, latexTable(table, name === 'ranks' ? ranked() : own, name)] as const;
      }),
    );
    expect(tables.filter(([, text]) => text === '').map(([name]) => name)).toEqual([]);
    const at = mkdtempSync(path.join(tmpdir(), 'latex-'));
    try {
      for (const [name, text] of [...tables, ['odd', latexTable(odd, own, 'odd')] as const])
        writeFileSync(path.join(at, `${name}.tex`), text);
      const inputs = [...names, 'odd'].map(name => `\\input{${name}}\n\\clearpage`).join('\n');
      writeFileSync(
        path.join(at, 'all.tex'),
        `\\documentclass{article}\n\\usepackage{booktabs,graphicx}\n\\begin{document}\n${inputs}\n\\end{document}\n`,
      );
      const args = ['-interaction=nonstopmode', '-halt-on-error', '-no-shell-escape', 'all.tex'];
      const {exitCode, stdout} = await execa('pdflatex', args, {cwd: at, reject: false});
      expect(stdout.slice(-2000)).toContain('Output written on all.pdf');
      expect(exitCode).toBe(0);
      const log = readFileSync(path.join(at, 'all.log'), 'utf8');
      expect(log.match(/Missing character.*|Unicode character.*|Overfull \\hbox.*/g) ?? []).toEqual([]);
    } finally {
      rmSync(at, {recursive: true, force: true});
    }
  },
);
