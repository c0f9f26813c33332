import { type Problem, problem } from '../errors.ts';
import { isReference } from './find-record.ts';
import { isObject, type JsonObject } from './json.ts';
import { exceededLimit } from './json-limits.ts';

/**
 * A text field; numbers, objects and lists count as absent and give a problem, `%{field}` counts as absent.
 * @param parent the path of `source`, with its dot
 */
export function textField(
  source: JsonObject,
  key: string,
  problems: Problem[],
  parent = '',
): string | undefined {
  const value = source[key];
  if (typeof value === 'string') return value === '' || isReference(value) ? undefined : value;
  if (value !== undefined && value !== null) problems.push(problem('wrong_type', parent + key));
  return undefined;
}

/** An object field; Logstash's hash bodies turn an object into its JSON text, which is read back. */
export function objectField(
  source: JsonObject,
  key: string,
  problems: Problem[],
  path = key,
): JsonObject | undefined {
  const value = source[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (isObject(value)) return value;
  if (typeof value === 'string') {
    if (isReference(value)) return undefined;
    const parsed = value.startsWith('{') ? objectOfText(value) : undefined;
    if (parsed !== undefined) return parsed;
  }
  problems.push(problem('wrong_type', path));
  return undefined;
}

function objectOfText(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && exceededLimit(value) === undefined ? value : undefined;
  } catch {
    return undefined;
  }
}
