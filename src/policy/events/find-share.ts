import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import { isObject, type JsonObject, own } from '../../event/json.ts';
import type { ShareFields, ShareList } from '../../tables/policy-events.ts';
import { type Field, firstField } from '../document/event-fields.ts';

/** What a call that shares without a policy document gives, as the policy that would say the same. */
export type Share = Field | 'withdrawn' | undefined;

/**
 * Snapshots, images, access lists and resource shares name in lists whom they let in. A call that only takes names
 * away is `withdrawn`; one that names nobody who is an account, a principal or everyone gives `undefined`.
 */
export function findShare(record: CloudTrailRecord, fields: ShareFields): Share {
  const statements = fields.added.flatMap((list) => statementOf(record, list) ?? []);
  if (statements.length > 0) return { path: 'requestParameters', value: { Statement: statements } };
  const adds = fields.added.some(({ path }) => firstField(record, path) !== undefined);
  return !adds && firstField(record, fields.removed) !== undefined ? 'withdrawn' : undefined;
}

function statementOf(record: CloudTrailRecord, list: ShareList): JsonObject | undefined {
  const names = elementsOf(firstField(record, list.path)?.value)
    .filter((element) => isMeant(element, list))
    .flatMap((element) => namesIn(element, list))
    .map((name) => (isEveryone(name, list) ? '*' : name))
    .filter((name) => name === '*' || isOutsider(name));
  if (names.length === 0) return undefined;
  const principal = names.includes('*') ? '*' : { AWS: [...new Set(names)] };
  return { Effect: 'Allow', Action: list.actions, Resource: '*', Principal: principal };
}

/** What was XML writes a list of one as the element alone. */
function elementsOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isMeant(element: unknown, { when, unless }: ShareList): boolean {
  if (unless !== undefined && isObject(element) && elementsOf(valueAt(element, unless)).length > 0)
    return false;
  if (when === undefined) return true;
  const value = isObject(element) ? valueAt(element, when.field) : undefined;
  return typeof value === 'string' && when.values.includes(value);
}

function namesIn(element: unknown, { who }: ShareList): string[] {
  const values = isObject(element)
    ? (who ?? []).flatMap((field) => elementsOf(valueAt(element, field)))
    : [element];
  return values.filter((value): value is string => typeof value === 'string' && value !== '');
}

function valueAt(element: JsonObject, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) ? own(value, key) : undefined), element);
}

function isEveryone(name: string, { everyone }: ShareList): boolean {
  return everyone === undefined
    ? name === '*' || name === 'all'
    : everyone.some((text) => name.includes(text));
}

/** Only accounts and their principals: a service of AWS, or an organization whose members are not known, says nothing. */
function isOutsider(name: string): boolean {
  return /^\d{12}$/.test(name) || /^arn:[^:]*:(?:iam|sts)::\d{12}:/.test(name);
}
