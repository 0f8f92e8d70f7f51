import type {GraphBuilder, Value} from '../graph.ts';
import {type Lowerings, required} from '../lowering.ts';
import {binary, unary} from './elementwise.ts';

/** [channel, channel]: ones where two channels are at most `radius` apart. */
const band = (g: GraphBuilder, channels: number, radius: number): Value => {
  const data = new Float32Array(channels * channels);
  for (let row = 0; row < channels; row++) {
    for (let column = 0; column < channels; column++) {
      if (Math.abs(row - column) <= radius) data[row * channels + column] = 1;
    }
  }
  return g.constant([channels, channels], 'float32', data);
};

interface Response {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** bias + α · the sum of squares over the channels near each, [..., channel]. Krizhevsky et al. 2012, section 3.3. */
const surroundings = (g: GraphBuilder, x: Value, {depthRadius, bias, alpha}: Response): Value => {
  const squares = g.node('MatMul', [binary(g, 'Mul', x, x), band(g, x.shape.at(-1)!, depthRadius)], [x.shape, 'float32']); // prettier-ignore
  return binary(g, 'Add', binary(g, 'Mul', squares, g.fill([], alpha)), g.fill([], bias));
};

export const normalisation: Lowerings = {
  FusedBatchNorm: (g, inputs, {varianceEpsilon}) => {
    const [x, mean, variance] = [required(inputs, 'x'), required(inputs, 'mean'), required(inputs, 'variance')];
    const {scale, offset} = inputs;
    const spread = unary(g, 'Sqrt', binary(g, 'Add', variance, g.fill([], varianceEpsilon as number)));
    let y = binary(g, 'Div', binary(g, 'Sub', x, mean), spread);
    if (scale) y = binary(g, 'Mul', y, scale);
    return offset ? binary(g, 'Add', y, offset) : y;
  },
  LRN: (g, inputs, attributes) => {
    const x = required(inputs, 'x');
    const response = attributes as unknown as Response;
    return binary(g, 'Div', x, binary(g, 'Pow', surroundings(g, x, response), g.fill([], response.beta)));
  },
  LRNGrad: (g, inputs, attributes) => {
    const [x, y, dy] = [required(inputs, 'x'), required(inputs, 'y'), required(inputs, 'dy')];
    const response = attributes as unknown as Response;
    const around = surroundings(g, x, response);
    const own = binary(g, 'Div', dy, binary(g, 'Pow', around, g.fill([], response.beta)));
    const share = binary(g, 'Div', binary(g, 'Mul', dy, y), around);
    const shares = g.node('MatMul', [share, band(g, x.shape.at(-1)!, response.depthRadius)], [x.shape, 'float32']);
    const others = binary(g, 'Mul', binary(g, 'Mul', x, shares), g.fill([], 2 * response.alpha * response.beta));
    return binary(g, 'Sub', own, others);
  },
};
