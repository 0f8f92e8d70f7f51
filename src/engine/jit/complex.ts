import {EngineError} from '../errors.ts';
import type {Entry} from './entry.ts';
import {type GraphBuilder, sizeOf, type Value} from './graph.ts';
import type {Lowering} from './lowering.ts';
import {binary, cast, unary} from './lowerings/elementwise.ts';
import {choose} from './lowerings/functions.ts';

/** Complex numbers are two tensors, real and imaginary. These kernels do the same to both. */
const apart: ReadonlySet<string> = new Set([
  ...['Add', 'Concat', 'ExpandDims', 'GatherNd', 'GatherV2', 'Neg', 'Pack', 'PadV2', 'Reshape', 'Reverse', 'Slice', 'SplitV'],
  ...['StridedSlice', 'Sub', 'Sum', 'Tile', 'Transpose', 'Unpack', 'ZerosLike'],
]); // prettier-ignore

type Entries = Readonly<Record<string, Entry>>;
type ComplexKernel = (g: GraphBuilder, inputs: Entries, attributes: Readonly<Record<string, unknown>>) => Entry;

const part = (g: GraphBuilder, {value, imaginary}: Entry, which: 'real' | 'imaginary'): Value =>
  which === 'real' ? value : (imaginary ?? g.fill(value.shape, 0, value.dtype));

const needed = (inputs: Entries, name: string): Entry => {
  const entry = inputs[name];
  if (!entry) throw new Error(`Internal error: a kernel came without its input "${name}"`);
  return entry;
};

/** √(re² + im²), without the squares of very small numbers becoming zero. */
const modulus = (g: GraphBuilder, {value, imaginary}: Entry): Value => {
  const sides = [value, imaginary!].map(side => unary(g, 'Abs', side)) as [Value, Value];
  const [long, short] = [binary(g, 'Max', ...sides), binary(g, 'Min', ...sides)];
  const ratio = binary(g, 'Div', short, long);
  const length = binary(
    g,
    'Mul',
    long,
    unary(g, 'Sqrt', binary(g, 'Add', binary(g, 'Mul', ratio, ratio), g.fill([], 1))),
  );
  const zero = binary(g, 'Equal', long, g.fill([], 0), 'bool');
  return choose(g, zero, g.fill([], 0), length, value.shape);
};

/** The discrete Fourier transform over the last axis. */
const fourier =
  (inverse: 0 | 1): ComplexKernel =>
  (g, inputs) => {
    const {value, imaginary} = needed(inputs, 'input');
    const length = value.shape.at(-1)!;
    const rows = sizeOf(value.shape) / length;
    const pair = [value, imaginary!].map(side => g.reshape(side, [rows, length, 1]));
    const both = g.node('Concat', pair, [[rows, length, 2], 'float32'], {attributes: {axis: 2}});
    const operands = [both, g.fill([], length, 'int64'), g.fill([], 1, 'int64')];
    const turned = g.node('DFT', operands, [[rows, length, 2], 'float32'], {attributes: {inverse}});
    const half = [[rows, length, 1], 'float32'] as const;
    const halves = g.nodes('Split', [turned, g.ints([1, 1])], [half, half], {attributes: {axis: 2}});
    const [re, im] = halves.map(side => g.reshape(side, value.shape)) as [Value, Value];
    return {value: re, imaginary: im};
  };

/** Kernels with a formula of their own for complex numbers. */
export const complexKernels: Readonly<Record<string, ComplexKernel>> = {
  Complex: (_, inputs) => ({value: needed(inputs, 'real').value, imaginary: needed(inputs, 'imag').value}),
  Real: (_, inputs) => ({value: needed(inputs, 'input').value}),
  Imag: (g, inputs) => ({value: part(g, needed(inputs, 'input'), 'imaginary')}),
  ComplexAbs: (g, inputs) => ({value: modulus(g, needed(inputs, 'x'))}),
  FFT: fourier(0),
  IFFT: fourier(1),
};

/** The same for kernels that are also there for real numbers. */
const alsoComplex: Readonly<Record<string, ComplexKernel>> = {
  Multiply: (g, inputs) => {
    const [a, b] = [needed(inputs, 'a'), needed(inputs, 'b')];
    const product = (x: 'real' | 'imaginary', y: 'real' | 'imaginary'): Value =>
      binary(g, 'Mul', part(g, a, x), part(g, b, y));
    return {
      value: binary(g, 'Sub', product('real', 'real'), product('imaginary', 'imaginary')),
      imaginary: binary(g, 'Add', product('real', 'imaginary'), product('imaginary', 'real')),
    };
  },
  OnesLike: (g, inputs) => {
    const {shape} = needed(inputs, 'x').value;
    return {value: g.fill(shape, 1), imaginary: g.fill(shape, 0)};
  },
  Cast: (g, inputs, {dtype}) => {
    const {value, imaginary} = needed(inputs, 'x');
    if (dtype !== 'complex64') return {value: cast(g, value, dtype as 'float32')};
    return {value: cast(g, value, 'float32'), imaginary: imaginary ?? g.fill(value.shape, 0)};
  },
};

/** A kernel over inputs of which one is complex (or a cast to complex numbers). */
export const ofComplex = (
  name: string,
  lower: Lowering,
  g: GraphBuilder,
  inputs: Entries,
  attributes: Readonly<Record<string, unknown>>,
): readonly Entry[] => {
  const own = alsoComplex[name];
  if (own) return [own(g, inputs, attributes)];
  if (!apart.has(name)) throw new EngineError(`The jit has no lowering for the kernel "${name}" of complex numbers.`);
  const side = (which: 'real' | 'imaginary'): readonly Value[] => {
    const values = Object.entries(inputs).map(([key, entry]) => [
      key,
      // Places and lengths are whole numbers for both.
      entry.imaginary || entry.value.dtype === 'float32' ? part(g, entry, which) : entry.value,
    ]);
    return [lower(g, Object.fromEntries(values) as Record<string, Value>, attributes)].flat();
  };
  const [real, imaginary] = [side('real'), side('imaginary')];
  return real.map((value, at) => ({value, imaginary: imaginary[at]!}));
};
