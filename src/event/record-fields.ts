import { type Problem, problem } from '../errors.ts';
import { isReference } from './find-record.ts';
import { isObject, type JsonObject } from './json.ts';
import { parseWithinLimits } from './json-limits.ts';

/**
 * A text field; numbers, objects and lists count as absent and give a problem, `%{field}` counts as absent. Takes the
 * value and not its key: a read of a named property that stands in the code itself is what V8 makes fast.
 * @param path where the field stands in the record
 */
export function textOf(value: unknown, path: string, problems: Problem[]): string | undefined {
  if (typeof value === 'string') return value === '' || isReference(value) ? undefined : value;
  if (value !== undefined && value !== null) problems.push(problem('wrong_type', path));
  return undefined;
}

/** An object field; Logstash's hash bodies turn an object into its JSON text, which is read back. */
export function objectOf(value: unknown, path: string, problems: Problem[]): JsonObject | undefined {
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
  const parsed = parseWithinLimits(text);
  return typeof parsed !== 'string' && isObject(parsed.value) ? parsed.value : undefined;
}
