import type {HostTensor, Parameters} from '../../../engine/types.ts';
import {transposedEach} from '../lstm-node.ts';
import type {LstmLayer} from '../lstm-node.ts';
import {wordEmbeddings} from '../word-embeddings.ts';
import type {StudentKind} from '../student-kind.ts';

/** models/bilstm.ts: embeddings, one bidirectional LSTM, a linear layer. */
export default {
  states: (graph, precision, {parameters: p}, {ids, lengths}) => {
    // Ids are turned and not states: [token, batch] is what the operator wants, and ids are the smaller by far.
    const turned = graph.op('Transpose', [ids], {perm: [1, 0]});
    const hidden = p['recurrent']!.shape[1]!;
    const together = graph.ints([0, 0, 2 * hidden]);
    let x = precision.rows(graph, p['embedding']!, turned);
    for (const [layer, weights] of lstmLayers(p).entries()) {
      const found = precision.lstm(graph, x, lengths, weights); // [token, direction, batch, hidden]
      const isLast = layer === lstmLayers(p).length - 1;
      x = graph.op('Reshape', [graph.op('Transpose', [found], {perm: isLast ? [2, 0, 1, 3] : [0, 2, 1, 3]}), together]);
    }
    return {states: x, dim: 2 * hidden};
  },
  projection: ({parameters: p}) => {
    const [inputs, outputs] = p['output.kernel']!.shape as [number, number];
    return {name: 'output', inputs, outputs, kernel: p['output.kernel']!.data, bias: p['output.bias']!.data};
  },
  modules: ({config, parameters: p}) => {
    const [, embedding] = p['embedding']!.shape as [number, number];
    return [
      wordEmbeddings(p['embedding']!, config.maxTokens),
      {
        type: 'LSTM',
        config: {
          file: 'lstm_config.json',
          content: {
            word_embedding_dimension: embedding,
            hidden_dim: p['recurrent']!.shape[1]!,
            num_layers: lstmLayers(p).length,
            dropout: 0,
            bidirectional: true,
          },
        },
        tensors: torchLstm(p),
      },
    ];
  },
} satisfies StudentKind;

/** The first layer has plain names, others `layer1.kernel`, … */
const lstmLayers = (p: Parameters): LstmLayer[] => {
  const layers: LstmLayer[] = [];
  for (let prefix = ''; p[`${prefix}kernel`]; prefix = `layer${layers.length}.`)
    layers.push({kernel: p[`${prefix}kernel`]!, recurrent: p[`${prefix}recurrent`]!, bias: p[`${prefix}bias`]!});
  return layers;
};

/** torch.nn.LSTM has [4·hidden, dim] for each direction, gates in the order i, f, g, o, and two biases. */
const torchLstm = (p: Parameters): Record<string, HostTensor> => {
  const tensors: Record<string, HostTensor> = {};
  for (const [layer, {kernel, recurrent, bias}] of lstmLayers(p).entries()) {
    const hidden = recurrent.shape[1]!;
    for (const [direction, suffix] of ['', '_reverse'].entries()) {
      const one = ({shape, data}: HostTensor): HostTensor => {
        const [, rows, columns = 1] = shape as [number, number, number?];
        const size = rows * columns;
        const own = data.subarray(direction * size, (direction + 1) * size);
        return inTorchOrder({shape: shape.slice(1), data: own}, hidden);
      };
      tensors[`encoder.weight_ih_l${layer}${suffix}`] = one(transposedEach(kernel));
      tensors[`encoder.weight_hh_l${layer}${suffix}`] = one(transposedEach(recurrent));
      tensors[`encoder.bias_ih_l${layer}${suffix}`] = one(bias);
      tensors[`encoder.bias_hh_l${layer}${suffix}`] = {shape: [4 * hidden], data: new Float32Array(4 * hidden)};
    }
  }
  return tensors;
};

/** Rows of the gates i, o, f, g → i, f, g, o. */
const inTorchOrder = ({shape, data}: HostTensor, hidden: number): HostTensor => {
  const gate = hidden * (shape[1] ?? 1);
  const ordered = new Float32Array(data.length);
  for (const [to, from] of [0, 2, 3, 1].entries())
    ordered.set(data.subarray(from * gate, (from + 1) * gate), to * gate);
  return {shape, data: ordered};
};
