import { isAccountId } from '../../account-id.ts';
import { accountOfRecord } from '../../event/account-of-record.ts';
import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import { isObject, type JsonObject, own } from '../../event/json.ts';
import type { ShareFields, ShareList } from '../../tables/policy-events.ts';
import { type Field, firstField, firstText } from '../document/event-fields.ts';
import { accountNamed } from '../document/principals.ts';

/** What a call that shares without a policy document gives, as the policy that would say the same. */
export type Share = Field | 'withdrawn' | undefined;

/**
 * Snapshots, images, access lists and resource shares name in lists whom they let in. A call that only takes names
 * away is `withdrawn`; one that names nobody who is an account, a principal or everyone gives `undefined`, and so does
 * one that names none but the own account beside an organization, whose members are not known.
 */
export function findShare(record: CloudTrailRecord, fields: ShareFields): Share {
  if (!mayShare(record, fields)) return undefined;
  const removed = new Set(fields.removedFirst ? namesAt(record, { path: fields.removed ?? [] }) : []);
  const lists = fields.added.map((list) => {
    const names = namesAt(record, list).filter((name) => !removed.has(name));
    return { list, names: names.map((name) => (isEveryone(name, list) ? '*' : name)) };
  });
  const all = lists.flatMap(({ names }) => names);
  const own = accountOfRecord(record);
  const foreign = all.some((name) => isOutsider(name) && accountNamed(name) !== own);
  if (!foreign && own !== undefined && onlyDelivers(record, fields.closed)) return deliveryFor(own);
  if (!foreign && (fields.ownUnsaid || all.some(isOrganization))) return undefined;
  const statements = lists.flatMap(({ list, names }) => statementOf(names, list) ?? []);
  if (statements.length > 0) return { path: 'requestParameters', value: { Statement: statements } };
  return isWithdrawn(record, fields, removed.size > 0 && all.length === 0) ? 'withdrawn' : undefined;
}

/** Most uploads share nothing, and there are many: a look at the names of their parameters is enough for these. */
function mayShare({ requestParameters }: CloudTrailRecord, fields: ShareFields): boolean {
  if (requestParameters === undefined) return false;
  for (const name of parametersOf(fields)) if (requestParameters[name] !== undefined) return true;
  return false;
}

const parameters = new WeakMap<ShareFields, readonly string[]>();

/** The parameters of the request that its lists lie in. */
function parametersOf(fields: ShareFields): readonly string[] {
  const known = parameters.get(fields);
  if (known !== undefined) return known;
  const { added, removed = [], closed } = fields;
  const paths = [
    ...added.flatMap(({ path }) => path),
    ...removed,
    ...(closed?.canned ?? []),
    ...(closed?.grants ?? []),
  ];
  const names = [...new Set(paths.map((path) => path.split(/[.[]/)[1] ?? ''))];
  parameters.set(fields, names);
  return names;
}

function hasAny(record: CloudTrailRecord, lists: readonly ShareList[]): boolean {
  for (const { path } of lists) if (firstField(record, path) !== undefined) return true;
  return false;
}

function isWithdrawn(record: CloudTrailRecord, fields: ShareFields, takenBack: boolean): boolean {
  if (takenBack || leavesOwner(record, fields.closed)) return true;
  return !hasAny(record, fields.added) && firstField(record, fields.removed) !== undefined;
}

/** An access list takes the place of the one before it, so that one with nobody but the owner takes all back. */
function leavesOwner(record: CloudTrailRecord, closed: ShareFields['closed']): boolean {
  if (closed === undefined) return false;
  const canned = namesAt(record, { path: closed.canned });
  if (canned.length > 0) return canned.every((name) => name === 'private');
  const owner = firstText(record, closed.owner);
  const grants = elementsOf(firstField(record, closed.grants)?.value);
  if (owner === undefined || grants.length === 0) return false;
  return grants.every((grant) => namesIn(grant, closed).join() === owner);
}

/** A list that names, beside the owner, only services that deliver their logs to the owner. */
function onlyDelivers(record: CloudTrailRecord, closed: ShareFields['closed']): boolean {
  if (closed?.deliverers === undefined) return false;
  const { deliverers } = closed;
  const owner = firstText(record, closed.owner);
  const grants = elementsOf(firstField(record, closed.grants)?.value);
  const granted = grants.map((grant) => namesIn(grant, closed).join());
  const names = [...namesAt(record, { path: closed.canned }), ...granted];
  return (
    names.some((name) => deliverers.includes(name)) &&
    names.every((name) => name === owner || deliverers.includes(name))
  );
}

/** It lets in nobody but the owner, whose logs these are. */
function deliveryFor(own: string): Field {
  const statement = { Effect: 'Allow', Action: 's3:PutObject', Resource: '*', Principal: { AWS: own } };
  return { path: 'requestParameters', value: { Statement: [statement] } };
}

function namesAt(
  record: CloudTrailRecord,
  list: Pick<ShareList, 'path' | 'who' | 'when' | 'unless'>,
): string[] {
  return elementsOf(firstField(record, list.path)?.value)
    .filter((element) => isMeant(element, list))
    .flatMap((element) => namesIn(element, list));
}

function statementOf(names: readonly string[], { actions }: ShareList): JsonObject | undefined {
  const admitted = names.filter(isOutsider);
  if (admitted.length === 0) return undefined;
  const principal = admitted.includes('*') ? '*' : { AWS: [...new Set(admitted)] };
  return { Effect: 'Allow', Action: actions, Resource: '*', Principal: principal };
}

/** What was XML writes a list of one as the element alone. */
function elementsOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isMeant(element: unknown, { when, unless }: Pick<ShareList, 'when' | 'unless'>): boolean {
  if (unless !== undefined && isObject(element) && elementsOf(valueAt(element, unless)).length > 0)
    return false;
  if (when === undefined) return true;
  const value = isObject(element) ? valueAt(element, when.field) : undefined;
  return typeof value === 'string' && when.values.includes(value);
}

function namesIn(element: unknown, { who }: Pick<ShareList, 'who'>): string[] {
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
    ? name === '*' || name.toLowerCase() === 'all'
    : everyone.some((text) => name.includes(text));
}

/** Only accounts, their principals and everyone: a service of AWS, or whoever is in an organization, is not known. */
function isOutsider(name: string): boolean {
  return name === '*' || isAccountId(name) || /^arn:[^:]*:(?:iam|sts)::\d{12}:/.test(name);
}

function isOrganization(name: string): boolean {
  return /^arn:[^:]*:organizations::/.test(name);
}
