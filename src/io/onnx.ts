import protobuf from 'protobufjs/minimal.js';

/**
 * Writes ONNX models: the part of `onnx.proto3` (https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto3) that graphs of
 * plain tensors need. Field numbers below are the schema's. Nothing is checked here beyond types: the runtime checks graphs.
 */

const dataTypes = {float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10} as const;
const attributeTypes = {float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8} as const;

export type OnnxDtype = keyof typeof dataTypes;
/** float16 as its bits: Uint16Array. */
export type OnnxData = Float32Array | Uint8Array | Int8Array | Uint16Array | Int32Array | BigInt64Array;

export interface OnnxTensor {
  readonly name?: string;
  readonly dtype: OnnxDtype;
  readonly shape: readonly number[];
  readonly data: OnnxData;
}

/** A bare number is an int, a bare array is ints; floats say so, because JavaScript cannot tell 1 from 1.0. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | {readonly float: number}
  | {readonly floats: readonly number[]}
  | {readonly strings: readonly string[]}
  | {readonly tensor: OnnxTensor}
  | {readonly graph: OnnxGraph};

export interface OnnxNode {
  readonly op: string;
  /** Empty for ONNX's own operators, else e.g. `com.microsoft`. */
  readonly domain?: string;
  /** An empty name leaves out an optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly dtype: OnnxDtype;
  /** A name is a dimension that is only known when the model runs. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly (OnnxTensor & {readonly name: string})[];
}

export interface OnnxModel extends OnnxGraph {
  /** Version of ONNX's own operators; default 20. */
  readonly opset?: number;
}

type Writer = protobuf.Writer;

const varint = (writer: Writer, field: number, value: number): void => {
  writer.uint32(field << 3).int64(value);
};

const text = (writer: Writer, field: number, value: string): void => {
  writer.uint32((field << 3) | 2).string(value);
};

const float = (writer: Writer, field: number, value: number): void => {
  writer.uint32((field << 3) | 5).float(value);
};

const message = (writer: Writer, field: number, write: () => void): void => {
  writer.uint32((field << 3) | 2).fork();
  write();
  writer.ldelim();
};

const writeTensor = (writer: Writer, tensor: OnnxTensor): void => {
  const size = tensor.shape.reduce((product, dimension) => product * dimension, 1);
  if (tensor.data.length !== size) {
    const label = tensor.name ?? 'of an attribute';
    throw new Error(
      `Internal error: ONNX tensor ${label} has ${tensor.data.length} values, its shape [${tensor.shape.join(', ')}] has ${size}`,
    );
  }
  for (const dimension of tensor.shape) varint(writer, 1, dimension);
  varint(writer, 2, dataTypes[tensor.dtype]);
  if (tensor.name !== undefined) text(writer, 8, tensor.name);
  // raw_data is little-endian by definition, as is every platform that onnxruntime-node has a binary for.
  const {buffer, byteOffset, byteLength} = tensor.data;
  writer.uint32((9 << 3) | 2).bytes(new Uint8Array(buffer, byteOffset, byteLength));
};

const writeAttribute = (writer: Writer, name: string, value: OnnxAttribute): void => {
  text(writer, 1, name);
  const type = (kind: keyof typeof attributeTypes): void => varint(writer, 20, attributeTypes[kind]);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw new Error(`Internal error: ONNX attribute ${name} = ${value} is no integer; write {float: ${value}}`);
    }
    varint(writer, 3, value);
    type('int');
  } else if (typeof value === 'string') {
    text(writer, 4, value);
    type('string');
  } else if (isInts(value)) {
    for (const item of value) varint(writer, 8, item);
    type('ints');
  } else if ('float' in value) {
    float(writer, 2, value.float);
    type('float');
  } else if ('floats' in value) {
    for (const item of value.floats) float(writer, 7, item);
    type('floats');
  } else if ('strings' in value) {
    for (const item of value.strings) text(writer, 9, item);
    type('strings');
  } else if ('tensor' in value) {
    message(writer, 5, () => writeTensor(writer, value.tensor));
    type('tensor');
  } else {
    message(writer, 6, () => writeGraph(writer, value.graph));
    type('graph');
  }
};

// Array.isArray does not narrow readonly arrays.
const isInts = (value: OnnxAttribute): value is readonly number[] => Array.isArray(value);

const writeNode = (writer: Writer, node: OnnxNode): void => {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 4, node.op);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    message(writer, 5, () => writeAttribute(writer, name, value));
  }
  if (node.domain) text(writer, 7, node.domain);
};

const writeValue = (writer: Writer, value: OnnxValue): void => {
  text(writer, 1, value.name);
  message(writer, 2, () =>
    message(writer, 1, () => {
      varint(writer, 1, dataTypes[value.dtype]);
      message(writer, 2, () => {
        for (const dimension of value.shape) {
          message(writer, 1, () =>
            typeof dimension === 'number' ? varint(writer, 1, dimension) : text(writer, 2, dimension),
          );
        }
      });
    }),
  );
};

const writeGraph = (writer: Writer, graph: OnnxGraph): void => {
  for (const node of graph.nodes) message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, () => writeTensor(writer, tensor));
  for (const value of graph.inputs) message(writer, 11, () => writeValue(writer, value));
  for (const value of graph.outputs) message(writer, 12, () => writeValue(writer, value));
};

/** A serialised ModelProto, ready for `InferenceSession.create`. The same model gives the same bytes. */
export const encodeModel = (model: OnnxModel): Uint8Array => {
  const writer = protobuf.Writer.create();
  const opset = model.opset ?? 20;
  // The oldest IR version that may hold the opset: runtimes refuse a version newer than themselves.
  varint(writer, 1, opset > 20 ? 10 : 9);
  text(writer, 2, 'distill-pipeline');
  message(writer, 7, () => writeGraph(writer, model));
  message(writer, 8, () => {
    text(writer, 1, '');
    varint(writer, 2, opset);
  });
  message(writer, 8, () => {
    text(writer, 1, 'com.microsoft');
    varint(writer, 2, 1);
  });
  return writer.finish();
};
