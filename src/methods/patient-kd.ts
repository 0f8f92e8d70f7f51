import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {patientDistance} from '../math/distillation-losses.ts';
import {weightedMean} from '../math/losses.ts';
import {hardTerm, softTerm} from './label-terms.ts';
import {layerMap, mappedLayers, requireEncoder} from './layer-map.ts';
import {mapsBetween, mapName} from './linear-maps.ts';
import {defineTaskMethod, MethodRefusal, noNeeds} from './task-method.ts';
import type {TaskTerm} from './task-method.ts';
import {weight, weightOf} from './weighted-terms.ts';

/**
 * BERT-PKD: soft targets and gold labels as Hinton's, and the first token's state after each layer but the last near the
 * teacher's, both on the unit sphere (PKD-Skip). The article's student is as wide as its teacher; one that is not needs a
 * linear map, as LRC-BERT's has, which `map: true` adds.
 */
export default defineTaskMethod({
  description: 'Soft targets, gold labels, and normalised states of layers below the last.',
  source: 'Sun et al. 2019, equations 5 to 8',
  params: z.strictObject({
    weights: z
      .strictObject({soft: weight.default(0.5), hard: weight.default(0.5), patient: weight.default(10)})
      .prefault({}),
    temperature: z.number().positive().default(10),
    layers: layerMap,
    map: z.boolean().default(false),
  }),
  plan: ({weights, temperature, layers, map}, facts) => {
    requireEncoder(facts, 'patient-kd', 'it compares states after layers below the last');
    const {student, teacher} = facts;
    const pairs = mappedLayers(layers, facts).filter(([own]) => layers !== 'even' || own < student.layers);
    if (pairs.length === 0) {
      throw new MethodRefusal('The method "patient-kd" compares states below the last layer, and the student has one layer. Give it more, or write `layers`.'); // prettier-ignore
    }
    if (student.width !== teacher.width && !map) {
      throw new MethodRefusal(`The method "patient-kd" compares states of one width; the student has ${student.width}, the teacher ${teacher.width}. Make the student as wide, or write map: true for a linear map (not in the article).`); // prettier-ignore
    }
    const patient: TaskTerm = {
      name: 'patient',
      weight: weightOf(weights.patient),
      loss: view => {
        const distances = pairs.map(([own, of]) => {
          const state = view.student.state(own);
          const mapped = map ? view.map(mapName('patient', own), state) : state;
          return weightedMean(patientDistance(mapped, view.teacher.state(of)), view.rowWeights);
        });
        return distances.reduce((sum, part) => tf.add(sum, part));
      },
    };
    return {
      terms: [softTerm(weightOf(weights.soft), {temperature, by: 'kl'}), hardTerm(weightOf(weights.hard)), patient],
      maps: map ? mapsBetween('patient', pairs, facts) : {},
      needs: {...noNeeds, states: pairs.map(([, of]) => of)},
      perturbation: null,
    };
  },
});
