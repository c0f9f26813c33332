import { isObject, type JsonObject } from '../event/json.ts';
import type { ParameterPath, ParameterTest } from '../tables/parameter-test.ts';

/** A list is looked through so far and no further: whoever hides behind the 100th element needs a longer request. */
const LONGEST_LIST = 100;
/** Long enough for every ARN and bucket name, and for the verb of a statement. */
const LONGEST_TEXT = 2048;

/** Whether a value at the path satisfies the test. */
export function testHolds(test: ParameterTest, parameters: JsonObject): boolean {
  return someValue(parameters, test.path, 0, test);
}

/** Whether a text that is not empty stands at the path. */
export function namesSomething(path: ParameterPath, parameters: JsonObject): boolean {
  return someValue(parameters, path, 0, undefined);
}

function someValue(
  value: unknown,
  path: ParameterPath,
  step: number,
  test: ParameterTest | undefined,
): boolean {
  if (Array.isArray(value)) {
    const end = Math.min(value.length, LONGEST_LIST);
    for (let i = 0; i < end; i++)
      if (!Array.isArray(value[i]) && someValue(value[i], path, step, test)) return true;
    return false;
  }
  const keys = path[step];
  if (keys === undefined) return test === undefined ? isText(value) : satisfies(value, test);
  if (!isObject(value)) return false;
  for (const key of keys)
    if (Object.hasOwn(value, key) && someValue(value[key], path, step + 1, test)) return true;
  return false;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function satisfies(value: unknown, test: ParameterTest): boolean {
  if (test.anyValue) return value !== undefined && value !== null && value !== '';
  if (typeof value !== 'string') return false;
  const text = (value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value).trimStart().toLowerCase();
  for (const part of test.startsWith) if (text.startsWith(part)) return true;
  for (const part of test.endsWith) if (text.endsWith(part)) return true;
  for (const part of test.includes) if (text.includes(part)) return true;
  return false;
}
