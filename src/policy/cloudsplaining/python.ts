import { isObject } from '../../event/json.ts';

/** Python's truth value of a JSON value: empty text, lists and objects, zero, false and null are false. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** What a missing, empty, single or listed element of a statement comes down to. */
export function asList(value: unknown): readonly unknown[] {
  if (!isTruthy(value)) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * Code-point order, which is what Python sorts by; JavaScript compares UTF-16 units, and puts the characters
 * above U+FFFF before those of U+E000-U+FFFF.
 */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
