import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {cosNce, cosNceWithin} from '../math/distillation-losses.ts';
import {squaredDistance, weightedMean} from '../math/losses.ts';
import {hardTerm, softTerm} from './label-terms.ts';
import {layerMap, mappedLayers} from './layer-map.ts';
import {mapsBetween, mapName} from './linear-maps.ts';
import {defineTaskMethod, MethodRefusal, noNeeds} from './task-method.ts';
import type {TaskTerm, TaskView} from './task-method.ts';
import {during, weight, weightOf} from './weighted-terms.ts';

/**
 * LRC-BERT: each layer's state, mapped to the teacher's width, turns towards the teacher's state of the same example and
 * away from those of K others (COS-NCE); then soft and hard labels join in at α : β : γ. There is no code of the authors;
 * [CLS] states, 80 % of the steps for the first stage, 1 : 1 : 3, K = 15 and temperature 1.1 are a re-implementation's.
 * A BiLSTM takes part with its sentence vector: the article's claim is that the student's structure is free.
 */
export default defineTaskMethod({
  description: 'States turned towards the teacher’s and away from those of other examples, then soft and hard labels.',
  source: 'Fu et al. 2021, formulas 1 and 2',
  params: z.strictObject({
    weights: z
      .strictObject({contrast: weight.default(1), soft: weight.default(1), hard: weight.default(3)})
      .prefault({}),
    /** Share of the steps that learn by contrast alone; 0: one stage. */
    contrastShare: z.number().min(0).max(1).default(0.8),
    /** angle: COS-NCE; squared: the squared distance of states (the article's Table 5). */
    distance: z.enum(['angle', 'squared']).default('angle'),
    negatives: z
      .strictObject({count: z.int().positive().default(15), from: z.enum(['batch', 'bank']).default('bank')})
      .prefault({}),
    temperature: z.number().positive().default(1.1),
    /** Linear maps from the student's width to the teacher's; without them the two must be equal. */
    map: z.boolean().default(true),
    layers: layerMap,
    perturbation: z
      .union([
        z.literal('none'),
        z.strictObject({
          kind: z.enum(['raw', 'normalised']).default('raw'),
          epsilon: z.number().nonnegative().default(1),
        }),
      ])
      .default({kind: 'raw', epsilon: 1}),
  }),
  plan: (params, facts) => {
    const {weights, contrastShare, negatives, distance} = params;
    if (distance === 'angle' && negatives.from === 'batch' && negatives.count >= facts.batch) {
      throw new MethodRefusal(`The method "lrc-bert" wants ${negatives.count} negatives from a batch of ${facts.batch}, which has ${facts.batch - 1} others. Write a smaller negatives.count, a larger batch, or from: bank.`); // prettier-ignore
    }
    if (!params.map && facts.student.width !== facts.teacher.width) {
      throw new MethodRefusal(`The method "lrc-bert" compares states of one width; the student has ${facts.student.width}, the teacher ${facts.teacher.width}. Write map: true.`); // prettier-ignore
    }
    const pairs = mappedLayers(params.layers, facts).filter(([own]) => own > 0);
    const compare = (view: TaskView, [own, of]: readonly [number, number]): tf.Scalar => {
      const state = view.student.state(own);
      const student = params.map ? view.map(mapName('contrast', own), state) : state;
      const teacher = view.teacher.state(of);
      const perExample =
        distance === 'squared'
          ? tf.div<tf.Tensor1D>(squaredDistance(student, teacher), facts.teacher.width)
          : negatives.from === 'batch'
            ? cosNceWithin(student, teacher, view.negativeShare())
            : cosNce(student, teacher, view.negatives(of));
      return weightedMean(perExample, view.rowWeights);
    };
    const contrast: TaskTerm = {
      name: 'contrast',
      weight: weightOf(weights.contrast),
      loss: view => pairs.map(pair => compare(view, pair)).reduce((sum, part) => tf.add(sum, part)),
    };
    return {
      terms: [
        contrast,
        softTerm(during(weightOf(weights.soft), contrastShare, 'from'), {temperature: params.temperature, by: 'kl'}),
        hardTerm(during(weightOf(weights.hard), contrastShare, 'from')),
      ],
      maps: params.map ? mapsBetween('contrast', pairs, facts) : {},
      needs: {
        ...noNeeds,
        states: pairs.map(([, of]) => of),
        negatives: distance === 'angle' ? negatives : null,
      },
      perturbation: params.perturbation === 'none' ? null : params.perturbation,
    };
  },
});
