import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {cosineDistance, weightedMean} from '../math/losses.ts';
import {hardTerm, softTerm} from './label-terms.ts';
import {requireEncoder} from './layer-map.ts';
import {defineTaskMethod, MethodRefusal, noNeeds} from './task-method.ts';
import type {TaskTerm} from './task-method.ts';
import {weight, weightOf} from './weighted-terms.ts';

/**
 * DistilBERT's triple loss on a task: soft targets at temperature 2, labels in the place of masked words, and the angle
 * between the last hidden states of tokens. The article's own triple loss is that of pre-training (stage distil-mlm); on a
 * task it distils labels alone ("a second step of distillation", section 3): weights.cosine: 0.
 */
export default defineTaskMethod({
  description: 'Soft targets, labels, and the angle between last hidden states.',
  source: 'Sanh et al. 2019, sections 2 and 3',
  params: z.strictObject({
    weights: z.strictObject({soft: weight.default(5), hard: weight.default(2), cosine: weight.default(1)}).prefault({}),
    temperature: z.number().positive().default(2),
  }),
  plan: ({weights, temperature}, facts) => {
    const {student, teacher} = facts;
    const isLabelsAlone = weights.cosine === 0;
    const labels = [softTerm(weightOf(weights.soft), {temperature, by: 'kl'}), hardTerm(weightOf(weights.hard))];
    if (isLabelsAlone && (student.model !== 'encoder' || student.width !== teacher.width))
      return {terms: labels, maps: {}, needs: noNeeds, perturbation: null};
    requireEncoder(facts, 'distilbert', 'it compares hidden states of tokens; weights.cosine: 0 leaves that out');
    if (student.width !== teacher.width) {
      throw new MethodRefusal(`The method "distilbert" compares hidden states of one width; the student has ${student.width}, the teacher ${teacher.width}. Make the student as wide, or write weights: {cosine: 0}.`); // prettier-ignore
    }
    const cosine: TaskTerm = {
      name: 'cosine',
      weight: weightOf(weights.cosine),
      loss: view => {
        const [own, of] = [view.student.tokens(student.layers), view.teacher.tokens(teacher.layers)];
        const mask = view.mask();
        const [batch, tokens] = mask.shape;
        const rows = (x: tf.Tensor3D): tf.Tensor2D => tf.reshape(x, [batch * tokens, teacher.width]);
        const counted = tf.mul(mask, tf.reshape(view.rowWeights, [batch, 1]));
        return weightedMean(cosineDistance(rows(own), rows(of)), tf.reshape(counted, [batch * tokens]));
      },
    };
    return {
      terms: [...labels, cosine],
      maps: {},
      needs: {...noNeeds, tokens: [teacher.layers]},
      perturbation: null,
    };
  },
});
