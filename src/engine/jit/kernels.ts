import type * as tf from '@tensorflow/tfjs-core';
import {EngineError} from '../errors.ts';
import {complexKernels, ofComplex} from './complex.ts';
import type {Entry} from './entry.ts';
import type {GraphBuilder, Value} from './graph.ts';
import type {Lowering, Lowerings} from './lowering.ts';
import {blocks} from './lowerings/blocks.ts';
import {contractions} from './lowerings/contractions.ts';
import {convolutions} from './lowerings/convolutions.ts';
import {crops} from './lowerings/crops.ts';
import {dilation} from './lowerings/dilation.ts';
import {elementwise} from './lowerings/elementwise.ts';
import {functions} from './lowerings/functions.ts';
import {gathers} from './lowerings/gathers.ts';
import {normalisation} from './lowerings/normalisation.ts';
import {pooling} from './lowerings/pooling.ts';
import {products} from './lowerings/products.ts';
import {quotients} from './lowerings/quotients.ts';
import {reductions} from './lowerings/reductions.ts';
import {resizing} from './lowerings/resizing.ts';
import {scatters} from './lowerings/scatters.ts';
import {shapes} from './lowerings/shapes.ts';
import {warps} from './lowerings/warps.ts';
import {kernelsOfStrings} from './string-table.ts';

/** What models, losses and optimizers here are made of; each of these has a gradient of ours. */
const usual: Lowerings = {...elementwise, ...shapes, ...reductions, ...gathers, ...products};

/** The rest of TensorFlow.js's kernels, as far as ONNX can express them. */
const further: Lowerings = {
  ...functions,
  ...quotients,
  ...convolutions,
  ...pooling,
  ...blocks,
  ...scatters,
  ...resizing,
  ...crops,
  ...warps,
  ...dilation,
  ...normalisation,
  ...contractions,
};

/** Names of the tfjs kernels that a training step is made of, */
export const loweredKernels: readonly string[] = Object.keys(usual);
/** and of those beyond. */
export const furtherKernels: readonly string[] = [...Object.keys(further), ...Object.keys(complexKernels)];

export type Kernel = (
  graph: GraphBuilder,
  inputs: Readonly<Record<string, Entry>>,
  attributes: Readonly<Record<string, unknown>>,
) => {readonly entries: readonly Entry[]; readonly list: boolean};

const kernelOf =
  (name: string, lower: Lowering): Kernel =>
  (graph, inputs, attributes) => {
    const given = Object.values(inputs);
    if (given.some(({imaginary}) => imaginary) || attributes['dtype'] === 'complex64') {
      const entries = ofComplex(name, lower, graph, inputs, attributes);
      return {entries, list: name === 'SplitV' || name === 'Unpack'};
    }
    const strings = given.some(entry => entry.strings);
    if (strings && !kernelsOfStrings.has(name)) {
      throw new EngineError(`The jit has no lowering for the kernel "${name}" of strings.`);
    }
    const values = Object.fromEntries(Object.entries(inputs).map(([key, {value}]) => [key, value]));
    const result = lower(graph, values, attributes);
    const entries = [result].flat().map((value): Entry => {
      return strings && value.dtype === 'int32' ? {value, strings: true} : {value};
    });
    return {entries, list: isList(result)};
  };

const isList = (result: Value | readonly Value[]): result is readonly Value[] => Array.isArray(result);

/** Every kernel by its tfjs name. */
export const kernels: Readonly<Record<string, Kernel>> = {
  ...Object.fromEntries(Object.entries({...usual, ...further}).map(([name, lower]) => [name, kernelOf(name, lower)])),
  ...Object.fromEntries(
    Object.entries(complexKernels).map(([name, lower]): [string, Kernel] => [
      name,
      (graph, inputs, attributes) => ({entries: [lower(graph, inputs, attributes)], list: false}),
    ]),
  ),
};

/** What tfjs calls, given where its tensors are and where results go. */
export const kernelFunction =
  (
    kernel: Kernel,
    place: {
      readonly graph: GraphBuilder;
      entryFor(dataId: object): Entry;
      results(inputs: readonly Entry[], outputs: readonly Entry[]): tf.TensorInfo[];
    },
  ): tf.KernelFunc =>
  ({inputs, attrs}) => {
    const entries: Record<string, Entry> = {};
    for (const [name, tensor] of Object.entries(inputs)) {
      // An optional input (the bias of a fused product) may be there and undefined.
      if (tensor as unknown) entries[name] = place.entryFor((tensor as tf.TensorInfo).dataId);
    }
    const result = kernel(place.graph, entries, attrs ?? {});
    const infos = place.results(Object.values(entries), result.entries);
    return result.list ? infos : infos[0]!;
  };
