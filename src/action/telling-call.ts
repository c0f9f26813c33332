import { accountOfRecord } from '../event/account-of-record.ts';
import { accountOfArn, isAccountId } from '../event/arn.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { isObject, type JsonObject } from '../event/json.ts';
import type { TellingCall, TellingRows, TellingTest } from '../tables/telling-calls.ts';
import { holdsForNone, holdsForSome, satisfies } from './parameter-value.ts';
import { isServiceCaller } from './service-caller.ts';

/** The rows that the call's parameters agree with, in the order of the table; `undefined` where there is none. */
export function toldBy(rows: TellingRows, record: CloudTrailRecord): readonly TellingCall[] | undefined {
  const { requestParameters, userIdentity } = record;
  if (requestParameters === undefined) return undefined;
  const account = accountOfRecord(record);
  let bits = 0;
  for (let row = 0; row < rows.calls.length; row++) {
    const call = rows.calls[row];
    if (call === undefined || (call.by !== undefined && !isServiceCaller(call.by, userIdentity))) continue;
    if (agrees(call, requestParameters, account)) bits |= 1 << row;
  }
  return bits === 0 ? undefined : rows.holding(bits);
}

function agrees(
  { tests, within, every }: TellingCall,
  parameters: JsonObject,
  account: string | undefined,
): boolean {
  if (within === undefined) return allHold(tests, parameters, account);
  const holds = (element: unknown) => isObject(element) && allHold(tests, element, account);
  if (!holdsForSome(within, parameters, holds)) return false;
  return !every || holdsForNone(within, parameters, (element) => !holds(element));
}

function allHold(
  tests: readonly TellingTest[],
  parameters: JsonObject,
  account: string | undefined,
): boolean {
  for (const test of tests) {
    const accepts = (value: unknown) => isAsSaid(value, test, account);
    const holds = test.not ? holdsForNone : holdsForSome;
    if (!holds(test.path, parameters, accepts)) return false;
  }
  return true;
}

function isAsSaid(
  value: unknown,
  { value: test, atLeast, atMost, otherAccount, not }: TellingTest,
  account: string | undefined,
): boolean {
  if (test !== undefined) return satisfies(value, test);
  if (otherAccount) {
    const named = accountNamed(value);
    // Where the event's own account is not known, a row says neither that the other is another nor that it is not.
    return named !== undefined && (account === undefined ? not : named !== account);
  }
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= (atLeast ?? -Infinity) && number <= (atMost ?? Infinity);
}

/** An id or an alias without an ARN is of the account itself, and names none. */
function accountNamed(value: unknown): string | undefined {
  // CloudTrail writes the XML of S3 as JSON, and what looks like a number there as one.
  if (typeof value === 'number') return String(value).padStart(12, '0');
  if (typeof value !== 'string') return undefined;
  return isAccountId(value) ? value : accountOfArn(value);
}
