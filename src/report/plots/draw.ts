import type {TopLevelSpec} from 'vega-lite';
import {armsOf} from '../cells.ts';
import type {Cost} from '../cost.ts';
import type {Curve} from '../curves.ts';
import {listed} from '../format.ts';
import type {Results} from '../results.ts';
import type {Picture} from '../sections.ts';
import type {Training} from '../training-curves.ts';
import {differenceNumbers, differences, differencesAlt} from './differences.ts';
import {labelCurve, labelledCells} from './label-curve.ts';
import {learningCurve} from './learning-curve.ts';
import {lossTerms, termNumbers, termWords} from './loss-terms.ts';
import {curveNumbers, labelNumbers, seedNumbers} from './numbers.ts';
import {performanceProfile, profileNumbers} from './performance-profile.ts';
import {profilePoints} from './profile-shares.ts';
import {costNumbers, pricedArms, qualityAgainstCost} from './quality-against-cost.ts';
import {renderSvg} from './render.ts';
import {seedsByArm} from './seeds-by-arm.ts';
import {trainingCurve, trainingNumbers} from './training-curve.ts';

interface Drawing {
  readonly name: string;
  /** null where the data do not allow it. */
  readonly spec: TopLevelSpec | null;
  readonly alt: string;
  readonly numbers: () => string;
}

type Write = (name: string, svg: string) => void;

const drawAll = async (drawings: readonly Drawing[], write: Write): Promise<Picture[]> => {
  const pictures: Picture[] = [];
  for (const {name, spec, alt, numbers} of drawings) {
    if (!spec) continue;
    write(name, await renderSvg(spec));
    pictures.push({name, alt, numbers: numbers()});
  }
  return pictures;
};

/** Draws every picture that the data allow, and says what each shows. */
export const drawPictures = async (
  results: Results,
  {
    distillations: curves,
    trainings,
  }: {readonly distillations: readonly Curve[]; readonly trainings: readonly Training[]},
  write: Write,
): Promise<Picture[]> => {
  const arms = listed(armsOf(results.scores.map(s => s.arm)));
  const distilled = listed(armsOf(curves.map(c => c.arm)));
  const profile = profilePoints(results);
  return drawAll(
    [
      {
        name: 'seeds-by-arm',
        spec: seedsByArm(results),
        alt: `Scores of every seed by task and arm (${arms}): dots are runs, bars the middle half, strokes medians`,
        numbers: () => seedNumbers(results),
      },
      {
        name: 'label-curve',
        spec: labelCurve(results),
        alt: `Scores over the number of labels by task and arm (${listed(armsOf(labelledCells(results).map(c => c.arm)))}): lines are medians, bands go from the worst run to the best`,
        numbers: () => labelNumbers(results),
      },
      {
        name: 'performance-profile',
        spec: performanceProfile(profile),
        alt: `Share of runs and tasks above each score, by arm (${listed([...new Set(profile.map(p => p.arm))])}), with 95 % intervals`,
        numbers: () => profileNumbers(profile),
      },
      {
        name: 'differences',
        spec: differences(results),
        alt: differencesAlt(results),
        numbers: () => differenceNumbers(results),
      },
      {
        name: 'learning-curve',
        spec: learningCurve(curves),
        alt: `Loss and held-out cosine to the teacher over the steps of the distillation (${distilled}): thin lines are seeds, thick ones medians`,
        numbers: () => curveNumbers(curves),
      },
      {
        name: 'training-curve',
        spec: trainingCurve(trainings),
        alt: `Loss over the steps of training on labels, by task and arm (${listed(armsOf(trainings.map(t => t.arm)))}): thin lines are seeds, thick ones medians`,
        numbers: () => trainingNumbers(trainings),
      },
      {
        name: 'loss-terms',
        spec: lossTerms(trainings),
        alt: `The loss and its terms (${listed(termWords(trainings))}) over the steps of training, a row a task: thin lines are seeds, thick ones medians, strokes the borders of stages`,
        numbers: () => termNumbers(trainings),
      },
    ],
    write,
  );
};

/** The picture that shows timings: it belongs to cost.md. */
export const drawCostPictures = async (results: Results, cost: Cost | null, write: Write): Promise<Picture[]> => {
  const priced = pricedArms(results, cost);
  return drawAll(
    [
      {
        name: 'quality-against-cost',
        spec: qualityAgainstCost(priced),
        alt: `Mean score over size on disk and over speed (${listed(priced.map(p => p.arm))}): points are medians over seeds, strokes go from the worst seed to the best`,
        numbers: () => costNumbers(priced),
      },
    ],
    write,
  );
};
