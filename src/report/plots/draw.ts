import {armsOf} from '../cells.ts';
import type {Curve} from '../curves.ts';
import type {Picture} from '../document.ts';
import {listed} from '../format.ts';
import type {Results} from '../results.ts';
import {labelCurve} from './label-curve.ts';
import {learningCurve} from './learning-curve.ts';
import {curveNumbers, labelNumbers, seedNumbers} from './numbers.ts';
import {renderSvg} from './render.ts';
import {seedsByArm} from './seeds-by-arm.ts';

/** Draws every picture that the data allow, and says what each shows. */
export const drawPictures = async (
  results: Results,
  curves: readonly Curve[],
  write: (name: string, svg: string) => void,
): Promise<Picture[]> => {
  const arms = listed(armsOf(results.scores.map(s => s.arm)));
  const distilled = listed(armsOf(curves.map(c => c.arm)));
  const drawn = [
    {
      name: 'seeds-by-arm',
      spec: seedsByArm(results),
      alt: `Scores of every seed by task and arm (${arms}): dots are runs, bars the middle half, strokes medians`,
      numbers: () => seedNumbers(results),
    },
    {
      name: 'label-curve',
      spec: labelCurve(results),
      alt: `Scores over the number of labels by task and arm (${arms})`,
      numbers: () => labelNumbers(results),
    },
    {
      name: 'learning-curve',
      spec: learningCurve(curves),
      alt: `Loss and held-out cosine to the teacher over the steps of the distillation (${distilled}): thin lines are seeds, thick ones medians`,
      numbers: () => curveNumbers(curves),
    },
  ];
  const pictures: Picture[] = [];
  for (const {name, spec, alt, numbers} of drawn) {
    if (!spec) continue;
    write(name, await renderSvg(spec));
    pictures.push({name, alt, numbers: numbers()});
  }
  return pictures;
};
