import {z} from 'zod';
import {bilstmSentence, initBilstm} from '../bilstm.ts';
import {bilstmPieces} from '../bilstm-pieces.ts';
import {defineStudent} from '../student.ts';

/** LTD-BERT's own student, of one layer: embeddings, a bidirectional LSTM, the weighted sum of its states, a dense layer. */
export default defineStudent({
  description: 'Bidirectional LSTMs; the weighted sum of the last one’s states, brought to the teacher’s width.',
  settings: z.strictObject({
    /** LSTMs on top of each other, each reading both directions of the one below. */
    layers: z.int().min(1).max(4).default(1),
  }),
  directions: 2,
  tables: ['embedding'],
  poolings: ['idf', 'mean', 'cls', 'max', 'last'],
  init: (sizes, {layers}, random) => initBilstm({...sizes, layers}, random),
  sentence: (p, batch, ctx, {pooling, settings}) => bilstmSentence(p, batch, ctx, {pooling, ...settings}),
  pieces: (p, batch, ctx, {pooling, settings}) => bilstmPieces(p, batch, ctx, {pooling, ...settings}),
});
