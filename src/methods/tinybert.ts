import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {attentionSquaredError, tokenSquaredError} from '../math/distillation-losses.ts';
import {weightedMean} from '../math/losses.ts';
import {hardTerm, softTerm} from './label-terms.ts';
import {layerMap, mappedLayers, requireEncoder} from './layer-map.ts';
import {mapsBetween, mapName} from './linear-maps.ts';
import {defineTaskMethod, MethodRefusal, noNeeds} from './task-method.ts';
import type {TaskTerm} from './task-method.ts';
import {during, weight, weightOf} from './weighted-terms.ts';

/**
 * TinyBERT's task-specific distillation: first embeddings, hidden states and attention of the layers, then the labels. The
 * article's stages have epochs of their own (20 and 3); here they share one budget, the first `intermediateShare` of it.
 */
export default defineTaskMethod({
  description: 'Embeddings, hidden states and attention first, then the teacher’s label probabilities.',
  source: 'Jiao et al. 2020, equations 7 to 11',
  params: z.strictObject({
    weights: z
      .strictObject({
        embedding: weight.default(1),
        hidden: weight.default(1),
        attention: weight.default(1),
        soft: weight.default(1),
        hard: weight.default(0),
      })
      .prefault({}),
    temperature: z.number().positive().default(1),
    /** Share of the steps that learn from layers alone. */
    intermediateShare: z.number().min(0).max(1).default(0.8),
    layers: layerMap,
  }),
  plan: ({weights, temperature, intermediateShare, layers}, facts) => {
    requireEncoder(facts, 'tinybert', 'it compares hidden states of tokens and attention');
    const {student, teacher} = facts;
    if (student.heads !== teacher.heads) {
      throw new MethodRefusal(`The method "tinybert" compares attention head by head; the student has ${student.heads} heads, the teacher ${teacher.heads}. Give the student ${teacher.heads} heads.`); // prettier-ignore
    }
    const pairs = mappedLayers(layers, facts).filter(([own]) => own > 0);
    const [ownLayers, teacherLayers] = [pairs.map(([own]) => own), pairs.map(([, of]) => of)];
    const early = (own: z.output<typeof weight>) => during(weightOf(own), intermediateShare, 'before');
    const late = (own: z.output<typeof weight>) => during(weightOf(own), intermediateShare, 'from');
    const hiddenOf =
      (name: string, own: number, of: number): TaskTerm['loss'] =>
      view =>
        weightedMean(
          tokenSquaredError(
            view.map(mapName(name, own), view.student.tokens(own)),
            view.teacher.tokens(of),
            view.mask(),
          ),
          view.rowWeights,
        );
    const overLayers =
      (lossOf: (own: number, of: number) => TaskTerm['loss']): TaskTerm['loss'] =>
      view =>
        pairs.map(([own, of]) => lossOf(own, of)(view)).reduce((sum, part) => tf.add(sum, part));
    return {
      terms: [
        {name: 'embedding', weight: early(weights.embedding), loss: hiddenOf('embedding', 0, 0)},
        {name: 'hidden', weight: early(weights.hidden), loss: overLayers((own, of) => hiddenOf('hidden', own, of))},
        {
          name: 'attention',
          weight: early(weights.attention),
          loss: overLayers(
            (own, of) => view =>
              weightedMean(
                attentionSquaredError(view.student.scores(own), view.teacher.scores(of), view.mask()),
                view.rowWeights,
              ),
          ),
        },
        softTerm(late(weights.soft), {temperature, by: 'cross-entropy'}),
        hardTerm(late(weights.hard)),
      ],
      maps: {...mapsBetween('embedding', [[0, 0]], facts), ...mapsBetween('hidden', ownLayers.map(own => [own, own]), facts)}, // prettier-ignore
      needs: {...noNeeds, tokens: [0, ...teacherLayers], scores: teacherLayers},
      perturbation: null,
    };
  },
});
