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
