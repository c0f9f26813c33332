import { isObject, type JsonObject } from '../event/json.ts';
import type { ParameterPath, ParameterTest } from '../tables/parameter-test.ts';

/** Lists and maps are looked through so far and no further, so that a hostile record costs little. */
const MOST_ELEMENTS = 100;
/** Long enough for every ARN and bucket name, and for the verb of a statement. */
const LONGEST_TEXT = 2048;
/** EC2 writes lists as `{"items": [...]}`. */
const LIST_WRAPPER = 'items';

type Accepts = (value: unknown) => boolean;

/** Whether a value at the path satisfies the test. */
export function testHolds(test: ParameterTest, parameters: JsonObject): boolean {
  return someValue(parameters, test.path, 0, (value) => satisfies(value, test));
}

/** Whether a role is named at the path: by name or ARN, or by ARN only. */
export function namesRole(path: ParameterPath, arnOnly: boolean, parameters: JsonObject): boolean {
  return someValue(parameters, path, 0, arnOnly ? isRoleArn : isText);
}

function someValue(value: unknown, path: ParameterPath, step: number, accepts: Accepts): boolean {
  if (Array.isArray(value)) return someElement(value, path, step, accepts);
  const keys = path[step];
  if (keys === undefined) return accepts(value);
  if (!isObject(value)) return false;
  if (keys === '*') return someMember(value, path, step + 1, accepts);
  for (const key of keys) {
    if (Object.hasOwn(value, key) && someValue(unwrapped(value[key]), path, step + 1, accepts)) return true;
  }
  return false;
}

/** Looks one level deep, so that the depth of the search is that of the path. */
function unwrapped(value: unknown): unknown {
  if (!isObject(value) || !Object.hasOwn(value, LIST_WRAPPER)) return value;
  return Array.isArray(value[LIST_WRAPPER]) ? value[LIST_WRAPPER] : value;
}

/** Whether the member of an object only wraps a list, and so is no step of a path. */
export function isListWrapper(key: string, value: unknown): boolean {
  return key === LIST_WRAPPER && Array.isArray(value);
}

/** A list inside a list is no parameter of AWS and is passed over. */
function someElement(list: readonly unknown[], path: ParameterPath, step: number, accepts: Accepts): boolean {
  const end = Math.min(list.length, MOST_ELEMENTS);
  for (let i = 0; i < end; i++) {
    if (!Array.isArray(list[i]) && someValue(list[i], path, step, accepts)) return true;
  }
  return false;
}

function someMember(object: JsonObject, path: ParameterPath, step: number, accepts: Accepts): boolean {
  let left = MOST_ELEMENTS;
  for (const key in object) {
    if (left-- === 0) return false;
    if (Object.hasOwn(object, key) && someValue(object[key], path, step, accepts)) return true;
  }
  return false;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isRoleArn(value: unknown): boolean {
  if (typeof value !== 'string' || !value.startsWith('arn:') || value.length > LONGEST_TEXT) return false;
  return value.includes(':role/') || value.includes(':instance-profile/');
}

/** Whether this one value is as the test says. */
export function satisfies(value: unknown, test: ParameterTest): boolean {
  if (test.anyValue) return value !== undefined && value !== null && value !== '';
  if (typeof value === 'boolean' || typeof value === 'number') return test.equals.includes(String(value));
  if (typeof value !== 'string') return false;
  const text = (value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value).trimStart().toLowerCase();
  if (test.equals.includes(text)) return true;
  for (const part of test.startsWith) if (text.startsWith(part)) return true;
  for (const part of test.endsWith) if (text.endsWith(part)) return true;
  for (const part of test.includes) if (text.includes(part)) return true;
  return false;
}
