import { accountOfArn } from '../event/arn.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { isObject, type JsonObject } from '../event/json.ts';
import type { TellingCall, TellingTest } from '../tables/telling-calls.ts';
import { holdsForNone, holdsForSome, satisfies } from './parameter-value.ts';

/** The rows that the call's parameters agree with, in the order of the table; `undefined` where there is none. */
export function toldBy(
  calls: readonly TellingCall[],
  record: CloudTrailRecord,
): readonly TellingCall[] | undefined {
  const { requestParameters } = record;
  if (requestParameters === undefined) return undefined;
  const account = record.recipientAccountId ?? record.userIdentity.accountId;
  const told = calls.filter((call) => agrees(call, requestParameters, account));
  return told.length === 0 ? undefined : told;
}

function agrees(
  { tests, within }: TellingCall,
  parameters: JsonObject,
  account: string | undefined,
): boolean {
  const all = (value: unknown) => isObject(value) && tests.every((test) => testTells(test, value, account));
  return within === undefined ? all(parameters) : holdsForSome(within, parameters, all);
}

function testTells(test: TellingTest, parameters: JsonObject, account: string | undefined): boolean {
  const accepts = (value: unknown) => isAsSaid(value, test, account);
  return test.not
    ? holdsForNone(test.path, parameters, accepts)
    : holdsForSome(test.path, parameters, accepts);
}

function isAsSaid(
  value: unknown,
  { value: test, atLeast, atMost, otherAccount }: TellingTest,
  account: string | undefined,
): boolean {
  if (test !== undefined) return satisfies(value, test);
  if (otherAccount) return isOfAnother(value, account);
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= (atLeast ?? -Infinity) && number <= (atMost ?? Infinity);
}

/** An id or an alias without an ARN is of the account itself. */
function isOfAnother(value: unknown, account: string | undefined): boolean {
  if (typeof value !== 'string' || account === undefined) return false;
  const other = accountOfArn(value);
  return other !== undefined && other !== account;
}
