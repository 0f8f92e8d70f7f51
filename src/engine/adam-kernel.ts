/**
 * The update of Adam as a WebAssembly function: four numbers at a time, where V8 computes one at a time in 64 bits. Written
 * out as bytes because there is nothing else to compile; opcodes are those of https://webassembly.github.io/spec/core/appendix/index-instructions.html.
 */

/** Byte addresses of parameter, first and second moment, gradient; the number of bytes; and the rule in 32-bit floats. */
export type AdamKernel = (
  parameter: number,
  first: number,
  second: number,
  gradient: number,
  bytes: number,
  beta1: number,
  oneMinusBeta1: number,
  beta2: number,
  oneMinusBeta2: number,
  clip: number,
  rate: number,
  /** One over the square root of the second moment's bias correction. */
  scale: number,
  epsilon: number,
  /** 1 − learning rate · weight decay. */
  shrink: number,
) => void;

/** Node's types leave WebAssembly to the browser's. */
interface Wasm {
  readonly Memory: new (size: {initial: number}) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => {readonly exports: Record<string, unknown>};
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

const wasm = (globalThis as unknown as {WebAssembly: Wasm}).WebAssembly;

type Code = readonly number[];

const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const plus: Code = [0x6a];

/** The same arithmetic on one number and on four: the tail of a range must round like its body. */
interface Lanes {
  readonly load: Code;
  readonly store: Code;
  readonly sqrt: Code;
  readonly add: Code;
  readonly sub: Code;
  readonly mul: Code;
  readonly div: Code;
  readonly bytes: number;
  /** Locals: gradient, first and second moment; then the nine numbers of the rule. */
  readonly values: readonly [number, number, number];
  readonly rule: number;
}

/** Numbers of the function's parameters and locals. */
const [parameter, first, second, gradient, length, firstOfRule, rules] = [0, 1, 2, 3, 4, 5, 9];
const [at, end, scalars, vectors, rulesOfFour] = [14, 15, 16, 19, 22];

const one: Lanes = {
  load: [0x2a, 2, 0], store: [0x38, 2, 0], sqrt: [0x91], add: [0x92], sub: [0x93], mul: [0x94], div: [0x95],
  bytes: 4, values: [scalars, scalars + 1, scalars + 2], rule: firstOfRule,
}; // prettier-ignore
const four: Lanes = {
  load: [0xfd, 0, 2, 0], store: [0xfd, 11, 2, 0], sqrt: [0xfd, 0xe3, 1], add: [0xfd, 0xe4, 1], sub: [0xfd, 0xe5, 1],
  mul: [0xfd, 0xe6, 1], div: [0xfd, 0xe7, 1], bytes: 16, values: [vectors, vectors + 1, vectors + 2], rule: rulesOfFour,
}; // prettier-ignore
const splat: Code = [0xfd, 0x13];

/** One position: g ← clip·g; m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g·g; p ← p·shrink − rate·m / (√v·scale + ε). */
const update = ({load, store, sqrt, add, sub, mul, div, values: [g, m, v], rule}: Lanes): Code => {
  const address = (base: number): Code => [...get(base), ...get(at), ...plus];
  const loaded = (base: number): Code => [...address(base), ...load];
  const [beta1, keep1, beta2, keep2, clip, rate, scale, epsilon, shrink] = Array.from({length: rules}, (_, index) =>
    get(rule + index),
  ) as [Code, Code, Code, Code, Code, Code, Code, Code, Code];
  return [
    [...loaded(gradient), ...clip, ...mul, ...set(g)],
    [...loaded(first), ...beta1, ...mul, ...get(g), ...keep1, ...mul, ...add, ...set(m)],
    [...loaded(second), ...beta2, ...mul, ...get(g), ...keep2, ...mul, ...get(g), ...mul, ...add, ...set(v)],
    [...address(first), ...get(m), ...store],
    [...address(second), ...get(v), ...store],
    [...address(parameter), ...loaded(parameter), ...shrink, ...mul],
    [...get(m), ...rate, ...mul, ...get(v), ...sqrt, ...scale, ...mul, ...epsilon, ...add, ...div, ...sub, ...store],
  ].flat();
};

/** While `at` is below `end`: update, go on. */
const loop = (lanes: Lanes): Code => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...[...get(at), ...get(end), 0x4f, 0x0d, 1], // i32.ge_u, br_if out
  ...update(lanes),
  ...[...get(at), 0x41, lanes.bytes, ...plus, ...set(at), 0x0c, 0],
  ...[0x0b, 0x0b],
];

const body: Code = [
  ...Array.from({length: rules}, (_, index) => [
    ...get(firstOfRule + index),
    ...splat,
    ...set(rulesOfFour + index),
  ]).flat(),
  ...[...get(length), 0x41, 0x70, 0x71, ...set(end)], // bytes & −16
  ...loop(four),
  ...[...get(length), ...set(end)],
  ...loop(one),
  0x0b,
];

const leb = (value: number): Code => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
const list = (items: readonly Code[]): Code => [...leb(items.length), ...items.flat()];
const sized = (content: Code): Code => [...leb(content.length), ...content];
const name = (text: string): Code => sized([...text].map(letter => letter.charCodeAt(0)));
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(list(items))];

const types: Code = [0x60, ...list([...Array<Code>(5).fill([i32]), ...Array<Code>(rules).fill([f32])]), 0];
const locals: Code = list([
  [2, i32],
  [3, f32],
  [3 + rules, v128],
]);
const moduleBytes = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [types]),
  ...section(2, [[...name('host'), ...name('memory'), 2, 0, 1]]),
  ...section(3, [[0]]),
  ...section(7, [[...name('update'), 0, 0]]),
  ...section(10, [sized([...locals, ...body])]),
]);

let compiled: object | null = null;
const pageBytes = 65536;

/** Memory for `bytes` and the update over numbers that lie in it. */
export const openAdamKernel = (bytes: number): {readonly memory: WasmMemory; readonly update: AdamKernel} => {
  const memory = new wasm.Memory({initial: Math.max(1, Math.ceil(bytes / pageBytes))});
  compiled ??= new wasm.Module(moduleBytes);
  const {exports} = new wasm.Instance(compiled, {host: {memory}});
  return {memory, update: exports['update'] as AdamKernel};
};
