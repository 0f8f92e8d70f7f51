import {closeSync, openSync, readFileSync, readSync, statSync} from 'node:fs';
import path from 'node:path';
import type {FileComparison, FilePair} from '../../runner/verify/compare-outputs.ts';
import {compareJson} from './compare-json.ts';
import {createNumberCheck} from './number-check.ts';

/** Says how two files differ, and whether only within the tolerance: by number in formats that are known, else by byte. */
export const compareFiles = async (pair: FilePair): Promise<FileComparison> => {
  try {
    switch (path.extname(pair.recorded) || path.extname(pair.again)) {
      case '.json':
        return compareTexts(pair, text => JSON.parse(text));
      case '.jsonl':
        return compareTexts(pair, text =>
          text
            .trimEnd()
            .split('\n')
            .map(line => JSON.parse(line) as unknown),
        );
      case '.arrow': {
        const {compareArrow} = await import('./compare-arrow.ts');
        return compareArrow(pair);
      }
      case '.safetensors': {
        const {compareSafetensors} = await import('./compare-safetensors.ts');
        return compareSafetensors(pair);
      }
      default:
        return compareBytes(pair);
    }
  } catch {
    // Not what its name says, or the recorded one is gone.
    return compareBytes(pair);
  }
};

const compareTexts = ({recorded, again, tolerance}: FilePair, parse: (text: string) => unknown): FileComparison => {
  const check = createNumberCheck(tolerance);
  const other = compareJson(parse(readFileSync(recorded, 'utf8')), parse(readFileSync(again, 'utf8')), check);
  if (other !== null) return {largest: null, what: other};
  if (check.beyond > 0) return {largest: null, what: check.text()};
  // Equal values in other words: 1.0 and 1, or another order of keys.
  if (check.differing === 0 && tolerance === null) return {largest: null, what: 'the same values, but other bytes'};
  return {largest: check.largest, what: ''};
};

const compareBytes = ({recorded, again}: FilePair): FileComparison => {
  const before = statSync(recorded, {throwIfNoEntry: false});
  if (before === undefined) return {largest: null, what: 'other bytes than recorded (those are nowhere any more)'};
  const after = statSync(again);
  const sizes = before.size === after.size ? `${before.size} bytes` : `${before.size} → ${after.size} bytes`;
  return {largest: null, what: `${sizes}, different from byte ${firstDifference(recorded, again)} on`};
};

const chunk = 1 << 20;

const firstDifference = (one: string, other: string): number => {
  const files = [openSync(one, 'r'), openSync(other, 'r')] as const;
  const [a, b] = [Buffer.alloc(chunk), Buffer.alloc(chunk)];
  try {
    for (let at = 0; ; at += chunk) {
      const [m, n] = [readSync(files[0], a, 0, chunk, at), readSync(files[1], b, 0, chunk, at)];
      for (let index = 0; index < Math.min(m, n); index++) if (a[index] !== b[index]) return at + index;
      if (m !== n || m < chunk) return at + Math.min(m, n);
    }
  } finally {
    for (const file of files) closeSync(file);
  }
};
