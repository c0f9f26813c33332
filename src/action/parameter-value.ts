import { isObject, type JsonObject } from '../event/json.ts';
import { type Ipv4Range, ipv4Range, isWithin } from '../tables/ipv4-range.ts';
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
  return holdsForSome(test.path, parameters, (value) => satisfies(value, test));
}

/** Whether a role is named at the path: by name or ARN, or by ARN only. */
export function namesRole(path: ParameterPath, arnOnly: boolean, parameters: JsonObject): boolean {
  return holdsForSome(path, parameters, arnOnly ? isRoleArn : isText);
}

/** Whether a value at the path is accepted, among those that are looked at. */
export function holdsForSome(path: ParameterPath, parameters: JsonObject, accepts: Accepts): boolean {
  return someValue(parameters, path, 0, accepts, false);
}

/** Whether no value at the path is accepted. False where there are more than are looked at: what is not seen may be. */
export function holdsForNone(path: ParameterPath, parameters: JsonObject, accepts: Accepts): boolean {
  return !someValue(parameters, path, 0, accepts, true);
}

/** @param unseen what is said of those that are not looked at */
function someValue(
  value: unknown,
  path: ParameterPath,
  step: number,
  accepts: Accepts,
  unseen: boolean,
): boolean {
  if (Array.isArray(value)) return someElement(value, path, step, accepts, unseen);
  const keys = path[step];
  if (keys === undefined) return accepts(value);
  if (!isObject(value)) return false;
  if (keys === '*') return someMember(value, path, step + 1, accepts, unseen);
  for (const key of keys) {
    if (Object.hasOwn(value, key) && someValue(unwrapped(value[key]), path, step + 1, accepts, unseen))
      return true;
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
function someElement(
  list: readonly unknown[],
  path: ParameterPath,
  step: number,
  accepts: Accepts,
  unseen: boolean,
): boolean {
  const end = Math.min(list.length, MOST_ELEMENTS);
  for (let i = 0; i < end; i++) {
    if (!Array.isArray(list[i]) && someValue(list[i], path, step, accepts, unseen)) return true;
  }
  return unseen && list.length > MOST_ELEMENTS;
}

function someMember(
  object: JsonObject,
  path: ParameterPath,
  step: number,
  accepts: Accepts,
  unseen: boolean,
): boolean {
  let left = MOST_ELEMENTS;
  for (const key in object) {
    if (left-- === 0) return unseen;
    if (Object.hasOwn(object, key) && someValue(object[key], path, step, accepts, unseen)) return true;
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

/** Whether the value is a number, or one written as text, that is neither less nor more. */
export function isNumberWithin(value: unknown, atLeast: number, atMost: number): boolean {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= atLeast && number <= atMost;
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
  return test.networks.length > 0 && isOfNetworks(text, test.networks);
}

function isOfNetworks(text: string, networks: readonly Ipv4Range[]): boolean {
  const range = ipv4Range(text);
  return range !== undefined && networks.some((network) => isWithin(range, network));
}
