import { isAccountId } from '../account-id.ts';
import { accountOfRecord } from '../event/account-of-record.ts';
import { accountOfArn } from '../event/arn.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { isObject, type JsonObject, own } from '../event/json.ts';
import { parseWithinLimits } from '../event/json-limits.ts';
import type { PrefixLengths, TellingCall, TellingRows, TellingTest } from '../tables/telling-calls.ts';
import { holdsForNone, holdsForSome, isNumberWithin, satisfies } from './parameter-value.ts';
import { isServiceCaller } from './service-caller.ts';

/** The rows that the call's parameters agree with, in the order of the table; `undefined` where there is none. */
export function toldBy(rows: TellingRows, record: CloudTrailRecord): readonly TellingCall[] | undefined {
  const { requestParameters, userIdentity } = record;
  if (requestParameters === undefined) return undefined;
  const parameters =
    rows.jsonTexts.length === 0 ? requestParameters : withTextsRead(requestParameters, rows.jsonTexts);
  const account = accountOfRecord(record);
  const isByService = userIdentity.type === 'AWSService';
  let bits = 0;
  for (let row = 0; row < rows.calls.length; row++) {
    const call = rows.calls[row];
    if (call === undefined || (call.byService ?? isByService) !== isByService) continue;
    if (call.by !== undefined && !isServiceCaller(call.by, userIdentity)) continue;
    if (agrees(call, parameters, account)) bits |= 1 << row;
  }
  return bits === 0 ? undefined : rows.holding(bits);
}

/** As long as a policy of OpenSearch Serverless may be (API Reference, "CreateSecurityPolicy"), in characters. */
const LONGEST_JSON = 20_480;

/** A text that is no JSON, or longer than AWS takes, stays one, and paths below it find nothing. */
function withTextsRead(parameters: JsonObject, keys: readonly string[]): JsonObject {
  let read: Record<string, unknown> | undefined;
  for (const key of keys) {
    const text = own(parameters, key);
    if (typeof text !== 'string' || text.length > LONGEST_JSON) continue;
    const parsed = parseWithinLimits(text);
    if (typeof parsed === 'string') continue;
    read ??= { ...parameters };
    read[key] = parsed.value;
  }
  return read ?? parameters;
}

function agrees(
  { tests, within, elements }: TellingCall,
  parameters: JsonObject,
  account: string | undefined,
): boolean {
  if (within === undefined) return allHold(tests, parameters, account);
  const holds = (element: unknown) => isObject(element) && allHold(tests, element, account);
  if (elements === 'none')
    return holdsForSome(within, parameters, isObject) && holdsForNone(within, parameters, holds);
  if (!holdsForSome(within, parameters, holds)) return false;
  return elements === 'some' || holdsForNone(within, parameters, (element) => !holds(element));
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

function isAsSaid(value: unknown, { asked, not }: TellingTest, account: string | undefined): boolean {
  switch (asked.kind) {
    case 'value':
      return satisfies(value, asked.test);
    case 'number':
      return isNumberWithin(value, asked.atLeast, asked.atMost);
    case 'prefix':
      return isWide(value, asked.atMost);
    case 'other_account': {
      const named = accountNamed(value);
      // Where the event's own account is not known, a row says neither that the other is another nor that it is not.
      return named !== undefined && (account === undefined ? not : named !== account);
    }
  }
}

const RANGE = /^\s*(?:\d+(?:\.\d+){3}\/(\d{1,2})|[\da-f]*:[\da-f:.]*\/(\d{1,3}))\s*$/i;
const LONGEST_RANGE = 100;

/**
 * EC2 takes a range whose host bits are set, and clears them, but the event has it as the caller wrote it (Amazon EC2
 * API Reference, "CreateNetworkAclEntry": 100.68.0.18/18 becomes 100.68.0.0/18). So the length tells, not the address.
 */
function isWide(value: unknown, { ipv4, ipv6 }: PrefixLengths): boolean {
  if (typeof value !== 'string' || value.length > LONGEST_RANGE) return false;
  const [, of4, of6] = RANGE.exec(value) ?? [];
  if (of4 !== undefined) return Number(of4) <= ipv4;
  return of6 !== undefined && Number(of6) <= ipv6;
}

/** An id or an alias without an ARN is of the account itself, and names none; nor does an ARN of AWS's own. */
function accountNamed(value: unknown): string | undefined {
  // CloudTrail writes the XML of S3 as JSON, and what looks like a number there as one.
  if (typeof value === 'number') return String(value).padStart(12, '0');
  if (typeof value !== 'string') return undefined;
  const account = accountOfArn(value) ?? value;
  return isAccountId(account) ? account : undefined;
}
