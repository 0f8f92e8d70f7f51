import type {NativeLstm} from '../types.ts';
import type {Tracing} from './tracing.ts';

/**
 * ONNX's LSTM operator over one direction. It computes what the unrolled graph does in one node, but gives no gates, which
 * the gradient needs: for prediction only. It wants [directions, 4·hidden, dim] and an input and a recurrent bias.
 */
export const nativeLstm = ({graph, valueOf, tensor}: Pick<Tracing, 'graph' | 'valueOf' | 'tensor'>): NativeLstm => {
  return (x, kernel, recurrent, bias) => {
    const [steps, rows] = x.shape as [number, number];
    const [hidden, gates] = recurrent.shape as [number, number];
    const weights = (value: typeof kernel): ReturnType<typeof valueOf> =>
      graph.reshape(graph.transpose(valueOf(value), [1, 0]), [1, gates, value.shape[0]]);
    const zeros = graph.fill([1, gates], 0);
    const both = graph.node('Concat', [graph.reshape(valueOf(bias), [1, gates]), zeros], [[1, 2 * gates], 'float32'], {
      attributes: {axis: 1},
    });
    const states = graph.node(
      'LSTM',
      [valueOf(x), weights(kernel), weights(recurrent), both],
      [[steps, 1, rows, hidden], 'float32'],
      {attributes: {hidden_size: hidden, direction: 'forward'}},
    );
    return tensor(graph.reshape(states, [steps, rows, hidden]));
  };
};
