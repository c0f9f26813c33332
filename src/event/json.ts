/**
 * JSON as it came from outside: every reader answers `undefined` where the value is not of the wanted type.
 * The readers' keys are names of CloudTrail's fields, which Object.prototype does not have, so they read them
 * directly (JSON.parse makes an own property of a `__proto__` key, and never changes a prototype).
 */
export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For a key that the code does not name itself: `__proto__` and `constructor` find nothing that was not sent. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  if (object === undefined) return undefined;
  const value = object[key];
  return isObject(value) ? value : undefined;
}

/** A non-empty string; the empty string says nothing and counts as absent. */
export function textAt(object: JsonObject | undefined, key: string): string | undefined {
  if (object === undefined) return undefined;
  return plainText(object[key]);
}

export function plainText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function arrayAt(object: JsonObject | undefined, key: string): readonly unknown[] | undefined {
  if (object === undefined) return undefined;
  const value = object[key];
  return Array.isArray(value) ? value : undefined;
}

/** CloudTrail writes booleans as booleans, and in older records as `"true"`, `"False"`. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const lower = value.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}
