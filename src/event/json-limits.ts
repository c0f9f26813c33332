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

/**
 * What is left of `keys` after this value; recursion is bounded by `depth`. Object.values and no `for in`: over objects
 * of many shapes V8 (13.6) compiles such a loop again and again, for more time than the whole event takes.
 */
function countDown(value: unknown, depth: number, keys: number): number {
  if (typeof value !== 'object' || value === null) return keys;
  if (depth === 0) return TOO_DEEP;
  const values: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let left = keys - values.length;
  for (let i = 0; i < values.length && left >= 0; i++) {
    const inner = values[i];
    if (typeof inner === 'object') left = countDown(inner, depth - 1, left);
  }
  return left;
}

/** A shorter text holds no more than MAX_KEYS keys and elements, and is parsed in no time. */
export const LONG_TEXT = 2 * MAX_KEYS;

/**
 * Whether no value of this text can exceed a limit, so that there is no need to walk through it: so of nearly every
 * record.
 */
export function isSurelyWithinLimits(text: string): boolean {
  if (text.length > LONG_TEXT) return false;
  const braces = countUpTo(MAX_DEPTH, '{', text);
  return braces + countUpTo(MAX_DEPTH, '[', text) <= MAX_DEPTH;
}

function countUpTo(most: number, character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0 && count <= most; at = text.indexOf(character, at + 1))
    count++;
  return count;
}

/** The value of a text, or why there is none: no JSON, or larger than any CloudTrail record. */
export function parseWithinLimits(text: string): { readonly value: unknown } | RefusalCode {
  const limit = exceededLimitInText(text);
  if (limit !== undefined) return limit;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not_json';
  }
  return (isSurelyWithinLimits(text) ? undefined : exceededLimit(value)) ?? { value };
}

/**
 * The same of a long text, before it is parsed: JSON.parse takes a tenth of a second and more for a mebibyte of
 * brackets or of keys, and this ends at the first too many. Commas are fewer than keys and elements, so that nothing
 * is refused which `exceededLimit` would let pass (keys that are there twice count twice). Shorter texts, and what
 * is no JSON, are left to the parser.
 */
export function exceededLimitInText(text: string): RefusalCode | undefined {
  if (text.length <= LONG_TEXT) return undefined;
  let depth = 0;
  let commas = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i + 1);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > MAX_DEPTH) return 'too_deep';
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
        break;
      case COMMA:
        if (++commas > MAX_KEYS) return 'too_many_keys';
    }
  }
  return undefined;
}

/** Where the quote stands that ends a string; the length of the text where none does. */
export function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote;
    while (before > start && text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((quote - before) % 2 === 0) return quote;
  }
  return text.length;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
