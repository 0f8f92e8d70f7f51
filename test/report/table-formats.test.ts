import {expect, test} from 'vitest';
import {fc} from '../seeded.ts';
import {csvTable} from '../../src/report/table-csv.ts';
import {latexTable, latexText} from '../../src/report/table-latex.ts';
import {defineTable} from '../../src/report/table.ts';
import bam1 from '../../src/report/tables/bam-1.ts';
import scores from '../../src/report/tables/scores.ts';
import {experiment, results} from './fixture.ts';

const data = {results: experiment(), cost: null};

test('CSV: full precision, a column for each number of a cell, no markdown', () =>
  expect(csvTable(scores, data)).toMatchInlineSnapshot(`
    "Task,Metric,Split,majority,majority spread,majority n,tfidf-lr,tfidf-lr spread,tfidf-lr n,teacher-lr,teacher-lr spread,teacher-lr n,plain,plain spread,plain n,ltd-frozen,ltd-frozen spread,ltd-frozen n,ltd,ltd spread,ltd n,ltd stars,Seeds
    topic,accuracy,dev,8.6,,1,57.4,0.4438468204234433,5,64.3,0.42190046219458016,5,47,1.0644247272588119,5,67.60000000000001,0.1581138830084191,5,72,0.5412947441089748,5,***,5
    entail,accuracy,dev,50,,1,66,0.46151923036857345,5,77,0.2774887385102324,5,54.50000000000001,1.0310189135025614,5,78.5,0.7905694150420954,5,77.60000000000001,0.6496152707564692,5,***,5
    sim,spearman,dev,0,,1,28.1,0.5549774770204624,5,37.7,0.46583258795408505,5,6.6000000000000005,4.146323672845621,5,55.300000000000004,0.6426507605223857,5,57.4,1.1865917579353034,5,***,5
    "
  `));

test('LaTeX: booktabs, marks as LaTeX has them, the legend below', () =>
  expect(latexTable(scores, data, 'scores')).toMatchInlineSnapshot(`
    "% needs \\usepackage{booktabs,graphicx}
    \\begin{table}
      \\centering
      \\caption{Scores}
      \\label{tab:scores}
      \\smallskip
      \\resizebox{\\ifdim\\width>\\textwidth\\textwidth\\else\\width\\fi}{!}{%
        \\begin{tabular}{lllrrrrrrr}
          \\toprule
          Task & Metric & Split & majority & tfidf-lr & teacher-lr & plain & ltd-frozen & ltd & Seeds \\\\
          \\midrule
          topic & accuracy & dev & 8.6 & 57.4 $\\pm$ 0.4 & 64.3 $\\pm$ 0.4 & 47.0 $\\pm$ 1.1 & 67.6 $\\pm$ 0.2 & \\textbf{72.0}$^{***}$ $\\pm$ 0.5 & 5 \\\\
          entail & accuracy & dev & 50.0 & 66.0 $\\pm$ 0.5 & 77.0 $\\pm$ 0.3 & 54.5 $\\pm$ 1.0 & 78.5 $\\pm$ 0.8 & 77.6$^{***}$ $\\pm$ 0.6 & 5 \\\\
          sim & spearman & dev & 0.0 & 28.1 $\\pm$ 0.6 & 37.7 $\\pm$ 0.5 & 6.6 $\\pm$ 4.1 & 55.3 $\\pm$ 0.6 & \\textbf{57.4}$^{***}$ $\\pm$ 1.2 & 5 \\\\
          \\bottomrule
        \\end{tabular}}
      \\par\\medskip
      \\begin{minipage}{\\textwidth}\\footnotesize\\raggedright
        Scores $\\times$ 100: the median over 5 seeds, $\\pm$ the sample standard deviation over seeds; \\texttt{majority} ran once.\\par
        $^{*}$, $^{**}$, $^{***}$: \\texttt{ltd} is better than \\texttt{plain} with p $<$ .05, .01, .001 by a two-sided bootstrap test of the difference of medians over seeds, resampling each arm from its own runs, shifted to equal medians, after the Holm correction for 3 comparisons.\\par
        BAM (Clark et al., 2019), whose tables have these stars, names “bootstrap hypothesis tests” but does not define the procedure: ours need not be theirs.\\par
        Bold: better than every other arm by more than seed noise (exact Mann-Whitney, p $<$ .05 after Holm over the arms; above each arm that ran once in all seeds).\\par
      \\end{minipage}
    \\end{table}
    "
  `));

test('no rows, no file', () => {
  const none = {results: results([]), cost: null};
  expect([csvTable(scores, none), latexTable(scores, none, 'scores')]).toEqual(['', '']);
});

test('published and unverified numbers are told apart in CSV', () => {
  const [head, single, multi] = csvTable(bam1, {results: results([]), cost: null}).split('\n');
  expect(head?.split(',').slice(0, 6)).toEqual(['row', 'who', 'Avg', 'Avg verified', 'Avg stars', 'CoLA']);
  expect(single).toMatch(/^Single,published,84,1,,60\.6,1/);
  expect(multi).toMatch(/^Multi,published,85\.5,1,,60\.3,0/);
});

test('whatever a name holds, LaTeX gets no character of its own from it', () =>
  fc.assert(
    fc.property(fc.string(), text => {
      const left = latexText(text)
        .replace(/\\text(bf|tt)\{|\\(textbackslash|textasciitilde|textasciicircum|dots)\{\}/g, '')
        .replace(/\$(<|>|\^\{(\**|\\dagger)\}|-|\\[a-zA-Z]+)\$/g, '')
        .replace(/\\[&%$#_{}]/g, '');
      expect(left).not.toMatch(/[\\&%$#_~^]/);
    }),
  ));

/** RFC 4180, as a spreadsheet reads it. */
const parsed = (csv: string): string[][] => {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
};

test('every field comes back, whatever is in it', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.double({noNaN: true})), {minLength: 1}), rows => {
      const table = defineTable({
        title: 't',
        columns: [
          {key: 'name', title: 'Name'},
          {key: 'x', title: 'x'},
        ],
        rows: (_: null) => rows.map(([name, x]) => ({name: name.replace(/[*`[\\]/g, ''), x})),
      });
      const expected = rows.map(([name, x]) => [name.replace(/[*`[\\]/g, ''), String(x)]);
      expect(parsed(csvTable(table, null))).toEqual([['Name', 'x'], ...expected]);
    }),
  ));
