import type {NumberCheck} from './number-check.ts';

/** Walks two JSON values: numbers go to `check`; anything else that differs is told, the first of it. */
export const compareJson = (was: unknown, now: unknown, check: NumberCheck, where = ''): string | null => {
  if (typeof was === 'number' && typeof now === 'number') {
    check.add(was, now, () => where || 'the value');
    return null;
  }
  const place = where || 'the whole';
  if (Array.isArray(was) && Array.isArray(now)) {
    if (was.length !== now.length) return `${place}: ${was.length} → ${now.length} items`;
    for (const [index, item] of was.entries()) {
      const found = compareJson(item, now[index], check, `${where}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (isRecord(was) && isRecord(now)) {
    for (const name of new Set([...Object.keys(was), ...Object.keys(now)])) {
      const inner = where === '' ? name : `${where}.${name}`;
      if (!(name in was) || !(name in now)) return `${inner}: ${name in was ? 'no longer there' : 'new'}`;
      const found = compareJson(was[name], now[name], check, inner);
      if (found !== null) return found;
    }
    return null;
  }
  return was === now ? null : `${place}: ${brief(was)} → ${brief(now)}`;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const brief = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};
