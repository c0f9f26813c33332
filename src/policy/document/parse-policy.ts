import { type Problem, problem } from '../../errors.ts';
import { WITHHELD } from '../../event/cloudtrail-record.ts';
import { isObject, type JsonObject } from '../../event/json.ts';
import { exceededLimit } from '../../event/json-limits.ts';
import type { Field } from './event-fields.ts';

/** Characters. Longer than any policy that AWS accepts: OpenSearch takes the longest, of 100 KB. */
export const LONGEST_DOCUMENT = 128 * 1024;

/** A policy document as an object that still has to be read, or why there is none. */
export type ParsedDocument =
  | { readonly document: JsonObject }
  | { readonly problem: Problem }
  | { readonly nothing: true };

/**
 * Policy documents arrive as JSON text, as URL-encoded text (in responses), as objects, in a list of one, and as a
 * single statement (Lambda). Text that cannot be read gives a problem at the field's path.
 */
export function parseDocument({ value, path }: Field): ParsedDocument {
  if (Array.isArray(value)) {
    return value.length === 1 ? parseDocument({ value: value[0], path }) : failed('policy_invalid', path);
  }
  if (isObject(value))
    return isTooLarge(value) ? failed('policy_too_large', path) : { document: wrap(value) };
  if (typeof value !== 'string') return failed('policy_not_json', path);
  const text = value.trim();
  if (text === '') return { nothing: true };
  if (text === WITHHELD) return failed('policy_hidden', path);
  if (text.length > LONGEST_DOCUMENT) return failed('policy_too_large', path);
  const parsed = parseText(text);
  if (!isObject(parsed)) return failed('policy_not_json', path);
  return exceededLimit(parsed) === undefined ? { document: wrap(parsed) } : failed('policy_too_large', path);
}

function failed(
  code: 'policy_invalid' | 'policy_not_json' | 'policy_hidden' | 'policy_too_large',
  path: string,
) {
  return { problem: problem(code, path) };
}

function parseText(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text);
    return typeof parsed === 'string' ? JSON.parse(parsed) : parsed;
  } catch {
    return undefined;
  }
}

/** An event is limited to 1 MiB, an object in it is not yet limited to what a policy can be. */
function isTooLarge(value: JsonObject): boolean {
  let left = LONGEST_DOCUMENT;
  const pending: unknown[] = [value];
  while (pending.length > 0 && left >= 0) {
    const next = pending.pop();
    if (typeof next === 'string') left -= next.length;
    else if (Array.isArray(next)) for (const item of next) pending.push(item);
    else if (isObject(next)) {
      for (const [key, item] of Object.entries(next)) {
        left -= key.length;
        pending.push(item);
      }
    }
    left--;
  }
  return left < 0;
}

/**
 * A lone statement, which is what Lambda's AddPermission answers, is a policy of one statement and of Lambda's version.
 */
function wrap(document: JsonObject): JsonObject {
  const isStatement = !Object.hasOwn(document, 'Statement') && Object.hasOwn(document, 'Effect');
  return isStatement ? { Version: '2012-10-17', Statement: [document] } : document;
}
