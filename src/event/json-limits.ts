import type { RefusalCode } from '../errors.ts';

/** JSON.parse survives half a million levels, but code that walks the value after it does not. */
export const MAX_DEPTH = 64;

/** Keys and elements of one record, all levels together; the largest real records have some 3,000. */
export const MAX_KEYS = 10_000;

/** `too_deep` or `too_many_keys` where a parsed value is larger than any CloudTrail record, else `undefined`. */
export function exceededLimit(value: unknown): RefusalCode | undefined {
  const budget = countDown(value, MAX_DEPTH, MAX_KEYS);
  return budget === TOO_DEEP ? 'too_deep' : budget < 0 ? 'too_many_keys' : undefined;
}

const TOO_DEEP = Number.NEGATIVE_INFINITY;

/** What is left of `keys` after this value; recursion is bounded by `depth`. */
function countDown(value: unknown, depth: number, keys: number): number {
  if (typeof value !== 'object' || value === null) return keys;
  if (depth === 0) return TOO_DEEP;
  let left = keys;
  if (Array.isArray(value)) {
    left -= value.length;
    for (let i = 0; i < value.length && left >= 0; i++) left = countDown(value[i], depth - 1, left);
    return left;
  }
  for (const key in value) {
    left = countDown((value as Record<string, unknown>)[key], depth - 1, left - 1);
    if (left < 0) return left;
  }
  return left;
}
