import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { isObject, type JsonObject } from '../event/json.ts';
import type { HarmlessCall, HarmlessTest } from '../tables/harmless-calls.ts';
import type { ParameterPath } from '../tables/parameter-test.ts';
import { isListWrapper, satisfies } from './parameter-value.ts';
import { isServiceCaller } from './service-caller.ts';

/** A call with more than this is not looked through, and not called harmless. */
const MOST_VALUES = 500;

/** The first row that every parameter of the call agrees with; `undefined` where the call may do what it can do. */
export function harmlessBy(
  calls: readonly HarmlessCall[],
  record: CloudTrailRecord,
): HarmlessCall | undefined {
  const { requestParameters, userIdentity } = record;
  if (requestParameters === undefined) return undefined;
  return calls.find(
    (call) =>
      (call.by === undefined || isServiceCaller(call.by, userIdentity)) &&
      new Parameters(call).agree(requestParameters),
  );
}

/**
 * Whether all values of a call are as its row says. A value that the row does not know is not harmless: what AWS adds
 * to a call tomorrow must not slip through. Empty lists and objects have no value, and say nothing, as
 * `excludeManagementEventSources: []` of PutEventSelectors.
 */
class Parameters {
  readonly #call: HarmlessCall;
  readonly #met = new Set<HarmlessTest>();
  #left = MOST_VALUES;

  constructor(call: HarmlessCall) {
    this.#call = call;
  }

  agree(parameters: JsonObject): boolean {
    const { tests, by } = this.#call;
    if (!this.#agrees(parameters, [])) return false;
    return (
      (by !== undefined || this.#met.size > 0) && tests.every((one) => one.optional || this.#met.has(one))
    );
  }

  #agrees(value: unknown, at: readonly string[]): boolean {
    if (value === null || value === undefined) return true;
    this.#left -= 1;
    if (this.#left < 0) return false;
    if (this.#call.aside.some((path) => leadsTo(path, at))) return true;
    if (Array.isArray(value))
      return value.every((element) => !Array.isArray(element) && this.#agrees(element, at));
    if (!isObject(value)) return this.#passes(value, at);
    return Object.entries(value).every(([key, member]) =>
      this.#agrees(member, isListWrapper(key, member) ? at : [...at, key]),
    );
  }

  #passes(value: unknown, at: readonly string[]): boolean {
    const one = this.#call.tests.find(({ test }) => test.path.length === at.length && leadsTo(test.path, at));
    if (one === undefined || !satisfies(value, one.test)) return false;
    this.#met.add(one);
    return true;
  }
}

function leadsTo(path: ParameterPath, at: readonly string[]): boolean {
  return (
    path.length <= at.length && path.every((keys, step) => keys === '*' || keys.includes(at[step] as string))
  );
}
