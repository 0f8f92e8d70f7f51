import {readSafetensors} from '../../io/safetensors.ts';
import type {FileComparison, FilePair} from '../../runner/verify/compare-outputs.ts';
import {compareJson} from './compare-json.ts';
import {createNumberCheck} from './number-check.ts';

/** Tensor by tensor, value by value. */
export const compareSafetensors = ({recorded, again, tolerance}: FilePair): FileComparison => {
  const [was, now] = [readSafetensors(recorded), readSafetensors(again)];
  const check = createNumberCheck(tolerance);
  const shapes = (tensors: typeof was.tensors): Record<string, string> =>
    Object.fromEntries(Object.entries(tensors).map(([name, {shape}]) => [name, `[${shape.join(', ')}]`]));
  const other =
    compareJson(shapes(was.tensors), shapes(now.tensors), check) ??
    compareJson(was.metadata, now.metadata, check, 'metadata');
  if (other !== null) return {largest: null, what: other};
  for (const [name, {data}] of Object.entries(was.tensors)) {
    const values = now.tensors[name]!.data;
    for (const [index, value] of data.entries()) check.add(value, values[index]!, () => `${name}[${index}]`);
  }
  if (check.beyond > 0) return {largest: null, what: check.text()};
  if (check.differing === 0 && tolerance === null) return {largest: null, what: 'the same values, but other bytes'};
  return {largest: check.largest, what: ''};
};
