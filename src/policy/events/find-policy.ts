import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import { booleanOf, isObject, type JsonObject } from '../../event/json.ts';
import type {
  LimitingField,
  PolicyEventRule,
  PolicyRule,
  StatementFields,
} from '../../tables/policy-events.ts';
import { type Field, firstField, firstText, isEmptyText, textsAt } from '../document/event-fields.ts';
import { parseDocument } from '../document/parse-policy.ts';
import { type CallFacts, factsOfCall } from './call-facts.ts';
import { findShare, type Share } from './find-share.ts';

/** A policy that a call carries, or moves by its name, and the call. */
export interface FoundPolicy extends CallFacts {
  readonly rule: PolicyRule;
  /** As it stands in the event: text, URL-encoded text or an object. */
  readonly document: Field | undefined;
  readonly arn: string | undefined;
  readonly name: string | undefined;
  readonly versionId: string | undefined;
  /** `user/dev-intern`, `bucket/example`, or an ARN. */
  readonly subject: string | undefined;
  readonly group: string | undefined;
  /** The ARN of a boundary that the call sets besides. */
  readonly boundary: string | undefined;
  readonly effectiveNow: boolean;
}

/** `undefined` where the field that would hold a policy is empty, or the call is of another kind than the rule. */
export function findPolicy(record: CloudTrailRecord, rule: PolicyRule): FoundPolicy | undefined {
  if (!holds(record, rule)) return undefined;
  const share = rule.shares && findShare(record, rule.shares);
  if (isEmptied(record, rule)) return describe({ ...rule, operation: 'delete' }, undefined, record);
  if (share === 'withdrawn') return describe({ ...rule, operation: 'revoke' }, undefined, record);
  return describe(rule, documentOf(record, rule, share), record);
}

function isEmptied(record: CloudTrailRecord, { emptied, document }: PolicyRule): boolean {
  return emptied === true && isEmptyText(record, document);
}

function documentOf(
  record: CloudTrailRecord,
  rule: PolicyRule,
  share: Exclude<Share, 'withdrawn'>,
): Field | undefined {
  const shared = share && keepsOutsidersOut(record, rule) ? withinOrganization(share) : share;
  const document = firstField(record, rule.document);
  if (document !== undefined) return limited(document, record, rule);
  return statementField(record, rule.statement) ?? shared;
}

/** The document with the conditions beside its own that stand for what the call sets besides. */
function limited(document: Field, record: CloudTrailRecord, { limitedBy = [] }: PolicyRule): Field {
  const set = limitedBy.filter(({ path }) => {
    const value = firstField(record, path)?.value;
    return value !== undefined && booleanOf(value) !== false;
  });
  const parsed = set.length === 0 ? undefined : parseDocument(document);
  if (parsed === undefined || !('document' in parsed)) return document;
  const { Statement } = parsed.document;
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  const value = { ...parsed.document, Statement: statements.map((one) => underConditions(one, set)) };
  return { path: document.path, value };
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** A Deny stays as it is: it takes away no less for them. */
function underConditions(statement: unknown, set: readonly LimitingField[]): unknown {
  if (!isObject(statement) || statement['Effect'] !== 'Allow') return statement;
  const { Condition = {} } = statement;
  if (!isObject(Condition)) return statement;
  const all: Record<string, unknown> = { ...Condition };
  for (const { condition } of set)
    for (const [operator, keys] of Object.entries(condition))
      all[operator] = { ...asObject(all[operator]), ...keys };
  return { ...statement, Condition: all };
}

function keepsOutsidersOut(record: CloudTrailRecord, { outsiders }: PolicyRule): boolean {
  const field = firstField(record, outsiders);
  return field !== undefined && booleanOf(field.value) === false;
}

/** Which organization it is, the record does not say: any id limits alike. */
function withinOrganization({ path, value }: Field): Field {
  const statements = isObject(value) && Array.isArray(value['Statement']) ? value['Statement'] : [];
  const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } };
  return { path, value: { Statement: statements.map((statement) => ({ ...statement, Condition })) } };
}

function describe(
  rule: PolicyRule,
  document: Field | undefined,
  record: CloudTrailRecord,
): FoundPolicy | undefined {
  if (document === undefined && (rule.operation === 'put' || rule.operation === 'grant')) return undefined;
  const arn = firstText(record, rule.policy?.arn);
  const name = policyName(record, rule);
  const subject = subjectOf(record, rule);
  // A denied call is recorded without its parameters.
  const isNamed = subject !== undefined && (rule.operation !== 'bound' || name !== undefined);
  if (document === undefined && arn === undefined && !isNamed) return undefined;
  return {
    ...factsOfCall(record),
    rule,
    document,
    arn,
    name,
    versionId: firstText(record, rule.version),
    subject,
    group: groupOf(record, rule),
    boundary: firstText(record, rule.boundary),
    effectiveNow: isEffective(record, rule),
  };
}

function policyName(record: CloudTrailRecord, { policy }: PolicyRule): string | undefined {
  const [within, name] = [firstText(record, policy?.within), firstText(record, policy?.name)];
  return within === undefined || name === undefined ? name : `${within}/${name}`;
}

function holds(record: CloudTrailRecord, { when, byServices }: PolicyRule): boolean {
  if (byServices === false && record.userIdentity.invokedBy !== undefined) return false;
  if (when === undefined) return true;
  const value = firstText(record, when.path) ?? firstField(record, when.path)?.value;
  return value !== undefined && when.values.includes(String(value));
}

export function subjectOf(record: CloudTrailRecord, { subject }: PolicyEventRule): string | undefined {
  if (subject === undefined) return undefined;
  const name = firstText(record, subject.name);
  if (name === undefined) return subject.alone ? subject.type : undefined;
  if (name.startsWith('arn:')) return name;
  // SQS names a queue by its URL.
  return `${subject.type}/${name.startsWith('https://') ? name.slice(name.lastIndexOf('/') + 1) : name}`;
}

function groupOf(record: CloudTrailRecord, rule: PolicyRule): string | undefined {
  const name = firstText(record, rule.group);
  return name === undefined ? undefined : `group/${name}`;
}

function isEffective(record: CloudTrailRecord, { effective }: PolicyEventRule): boolean {
  if (typeof effective === 'string') return effective === 'always';
  const field = firstField(record, effective.true);
  return field !== undefined && booleanOf(field.value) === true;
}

/**
 * The statement that an AddPermission asks for, where the event does not hold it as text: SQS, SNS and EventBridge
 * answer nothing, and a call of Lambda that was denied has no answer.
 */
function statementField(record: CloudTrailRecord, fields: StatementFields | undefined): Field | undefined {
  if (fields === undefined) return undefined;
  const actions = textsAt(record, fields.actions).map((action) =>
    action.includes(':') ? action : `${fields.actionPrefix}:${action}`,
  );
  const principal = principalOf(record, fields);
  const condition = conditionOf(record, fields);
  if (actions.length === 0 || principal === undefined || condition === undefined) return undefined;
  const statement: JsonObject = {
    Effect: 'Allow',
    Action: actions,
    Resource: '*',
    Principal: principal,
    Condition: condition,
  };
  return { path: 'requestParameters', value: { Statement: [statement] } };
}

function principalOf(record: CloudTrailRecord, fields: StatementFields): unknown {
  const accounts = textsAt(record, fields.accounts).filter((name) => !name.endsWith('.amazonaws.com'));
  if (accounts.length > 0) return accounts.includes('*') ? '*' : { AWS: accounts };
  const principal = firstText(record, fields.principal);
  if (principal === undefined || principal === '*') return principal;
  return principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal };
}

/** `undefined` where there is one that cannot be read: without it the statement would say more than it does. */
function conditionOf(record: CloudTrailRecord, fields: StatementFields): JsonObject | undefined {
  const whole = firstField(record, fields.condition);
  if (whole === undefined) return limitsOf(record, fields);
  const parsed = parseDocument(whole);
  return 'document' in parsed ? parsed.document : undefined;
}

/** What Lambda and EventBridge make of the parameters that limit a permission. */
function limitsOf(record: CloudTrailRecord, fields: StatementFields): JsonObject {
  const sourceArn = firstText(record, fields.sourceArn);
  const sourceAccount = firstText(record, fields.sourceAccount);
  const organization = firstText(record, fields.organization);
  return {
    ...(sourceArn !== undefined && { ArnLike: { 'aws:SourceArn': sourceArn } }),
    ...((sourceAccount !== undefined || organization !== undefined) && {
      StringEquals: {
        ...(sourceAccount !== undefined && { 'aws:SourceAccount': sourceAccount }),
        ...(organization !== undefined && { 'aws:PrincipalOrgID': organization }),
      },
    }),
  };
}
