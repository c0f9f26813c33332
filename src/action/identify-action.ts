import { isServiceLinkedRole } from '../event/arn.ts';
import type { CloudTrailRecord, RecordKind, UserIdentity } from '../event/cloudtrail-record.ts';
import type { JsonObject } from '../event/json.ts';
import type { IamAction } from '../tables/action-table.ts';
import type { EventRule } from '../tables/event-names.ts';
import type { KnownEvent } from '../tables/event-rules.ts';
import type { Tables } from '../tables/tables.ts';
import { namesRole, testHolds } from './parameter-value.ts';

/**
 * exact: the event bears the action's name. rule: a rule or a curated row tells the actions, or that none is needed.
 * ambiguous: one of several actions, and the record does not tell which. unknown: nothing is guessed.
 */
export const MAPPINGS = ['exact', 'rule', 'ambiguous', 'unknown', 'not_an_api_call'] as const;

export type Mapping = (typeof MAPPINGS)[number];

export interface IdentifiedAction {
  readonly mapping: Mapping;
  /**
   * The called action first, then others the call needs, iam:PassRole last. `rule` and none: no permission is needed.
   */
  readonly actions: readonly IamAction[];
  /** IAM prefix; also where the service is known and the action is not. */
  readonly service: string | undefined;
  /** Why the record is no API call: one short sentence. */
  readonly why: string | undefined;
  /** An endpoint's policy refused a call that was made with another account's credentials. */
  readonly isRefusedStranger: boolean;
  /** Whether every call of the same kind is answered with this very object. */
  readonly isShared: boolean;
}

type EventTables = Pick<Tables, 'eventRules'>;

const NOT_AN_API_CALL: Readonly<Record<Extract<RecordKind, 'insight' | 'aggregated' | 'digest'>, string>> = {
  insight: 'A CloudTrail Insight: it tells of a rate of calls, not of one call.',
  aggregated: 'An aggregate of data events: it tells of counts, not of one call.',
  digest: 'A digest of log files.',
};

/** Which IAM actions the recorded call was checked against. Never throws, whatever the record holds. */
export function identifyAction(record: CloudTrailRecord, tables: EventTables): IdentifiedAction {
  const { eventSource, eventName } = record;
  const isNamed = eventSource !== undefined && eventName !== undefined;
  return identifyKnown(record, isNamed ? tables.eventRules.find(eventSource, eventName) : undefined, tables);
}

/** @param known what the event rules say of the record's eventSource and eventName, where it has both */
export function identifyKnown(
  record: CloudTrailRecord,
  known: KnownEvent | undefined,
  tables: EventTables,
): IdentifiedAction {
  switch (record.kind) {
    case 'api_call':
      break;
    case 'console_sign_in':
      return identifyConsoleEvent(record, known, tables);
    case 'service_event':
      return identifyServiceEvent(record, known, tables);
    case 'network_activity':
      return identifyNetworkActivity(record);
    default:
      return notAnApiCall(NOT_AN_API_CALL[record.kind]);
  }
  if (known === undefined) return unknown(undefined);
  if (known.notAnApiCall !== undefined && !isCallBySelf(record, known))
    return notAnApiCall(known.notAnApiCall);
  return identify(known, record, tables);
}

/** The billing console's calls bear the type of sign-ins in some records; the source of sign-ins themselves is one. */
function identifyConsoleEvent(
  record: CloudTrailRecord,
  known: KnownEvent | undefined,
  tables: EventTables,
): IdentifiedAction {
  const isCall = known?.rule !== undefined && known.source === 'billingconsole.amazonaws.com';
  if (isCall) return identify(known, record, tables);
  return notAnApiCall('A sign-in to the console, or a step of one.');
}

/**
 * Some services write as their own events what people do (data/curated/service-events.json): those that name a person,
 * and no service that acted for them, are that call, where its name is one.
 */
function identifyServiceEvent(
  record: CloudTrailRecord,
  known: KnownEvent | undefined,
  tables: EventTables,
): IdentifiedAction {
  if (known?.notAnApiCall !== undefined) return notAnApiCall(known.notAnApiCall);
  if (!isPerson(record.userIdentity)) return notAnApiCall(OF_ITSELF);
  if (known?.rule === undefined || !known.isWrittenByService)
    return notAnApiCall('An event that is no call to a public API.');
  return identify(known, record, tables);
}

const OF_ITSELF = 'Written by an AWS service about itself: no request to a public API led to it directly.';

function isPerson({ type, arn, invokedBy, onBehalfOfUserId, sessionIssuer }: UserIdentity): boolean {
  if (invokedBy !== undefined || type === undefined) return false;
  if (type === 'IdentityCenterUser') return arn !== undefined || onBehalfOfUserId !== undefined;
  return arn !== undefined && PEOPLE.has(type) && !isServiceLinked(arn, sessionIssuer?.arn);
}

const PEOPLE: ReadonlySet<string> = new Set(['Root', 'IAMUser', 'AssumedRole', 'FederatedUser']);

/**
 * The ARN of a session leaves the path of its role out, and anyone may give a role the name: that decides only where
 * the role itself is not told.
 */
function isServiceLinked(session: string, role: string | undefined): boolean {
  return role === undefined ? session.includes(':assumed-role/AWSServiceRoleFor') : isServiceLinkedRole(role);
}

/**
 * What an endpoint's policy refuses is recorded as network activity only (AWS KMS Developer Guide, "Logging requests
 * that use a VPC endpoint"), and a call of another account in that account's own trail.
 */
function identifyNetworkActivity(record: CloudTrailRecord): IdentifiedAction {
  if (record.errorCode?.includes('VpceAccessDenied')) {
    const refused = notAnApiCall(
      'Network activity at a VPC endpoint whose policy refused the call: it is recorded nowhere else.',
    );
    return isOfStranger(record) ? { ...refused, isRefusedStranger: true } : refused;
  }
  if (isOfStranger(record))
    return notAnApiCall(
      'Network activity of another account at a VPC endpoint: the call itself is recorded in that account.',
    );
  return notAnApiCall(
    'Network activity at a VPC endpoint: the call itself is recorded in an event of its own.',
  );
}

function isOfStranger({ userIdentity, vpcEndpointAccountId, recipientAccountId }: CloudTrailRecord): boolean {
  const owner = vpcEndpointAccountId ?? recipientAccountId;
  return owner !== undefined && userIdentity.accountId !== undefined && userIdentity.accountId !== owner;
}

/** Some services give an event of their own and an API call one name; CloudTrail's eventType tells them apart. */
function isCallBySelf(record: CloudTrailRecord, known: KnownEvent): boolean {
  return record.eventType === 'AwsApiCall' && known.rule !== undefined;
}

/** Parameters tell first which service was called, where several share a host, then which of its actions. */
function identify(known: KnownEvent, record: CloudTrailRecord, tables: EventTables): IdentifiedAction {
  if (known.rule === undefined) return unknown(known.service);
  if (isToldByName(known.rule, known)) return decided(known.rule, known.rule.actions, known.rule.mapping);
  const parameters = record.requestParameters;
  if (parameters === undefined) return withoutParameters(known.rule, known.rivals);
  const chosen = chosenRule(known, parameters);
  const rule = chosen ?? known.rule;
  const identified = byCases(rule, parameters) ?? decided(rule, rule.actions, mappingOf(rule, chosen));
  return passesRole(rule, parameters) ? withPassRole(identified, tables.eventRules.passRole) : identified;
}

/** Whether no parameter tells more: so of most calls, whose parameters then need not be read. */
function isToldByName(rule: EventRule, { choices, rivals }: KnownEvent): boolean {
  const { cases, roleParameters } = rule;
  return choices.length + rivals.length + cases.length + roleParameters.length === 0;
}

function withoutParameters(rule: EventRule, rivals: readonly EventRule[]): IdentifiedAction {
  if (rivals.length === 0) return decided(rule, rule.actions, rule.mapping);
  const actions = [rule, ...rivals].flatMap((one) => one.actions);
  return decision(rule, actions, 'ambiguous', false);
}

function chosenRule(known: KnownEvent, parameters: JsonObject): EventRule | undefined {
  for (const { test, rule } of known.choices) if (testHolds(test, parameters)) return rule;
  return undefined;
}

/** A prefix that a parameter chose is never `exact`: the name alone does not tell it. */
function mappingOf(rule: EventRule, chosen: EventRule | undefined): Mapping {
  return chosen !== undefined && rule.mapping === 'exact' ? 'rule' : rule.mapping;
}

function byCases(rule: EventRule, parameters: JsonObject): IdentifiedAction | undefined {
  if (rule.cases.length === 0) return undefined;
  if (!rule.collect) {
    for (const { test, actions } of rule.cases)
      if (testHolds(test, parameters)) return decided(rule, actions, 'rule');
    return undefined;
  }
  const held = rule.cases.filter((one) => testHolds(one.test, parameters));
  if (held.length === 0) return undefined;
  return decision(rule, [...new Set(held.flatMap((one) => one.actions))], 'rule', false);
}

function passesRole(rule: EventRule, parameters: JsonObject): boolean {
  for (const { path, arnOnly } of rule.roleParameters) if (namesRole(path, arnOnly, parameters)) return true;
  return false;
}

/** The decisions of a rule that many calls share, by its own lists of actions. */
const decisions = new WeakMap<EventRule, IdentifiedAction[]>();
const withRole = new WeakMap<IdentifiedAction, IdentifiedAction>();

function decided(rule: EventRule, actions: readonly IamAction[], mapping: Mapping): IdentifiedAction {
  const known = decisions.get(rule) ?? [];
  for (const one of known) if (one.actions === actions && one.mapping === mapping) return one;
  const added = decision(rule, actions, mapping, true);
  if (known.push(added) === 1) decisions.set(rule, known);
  return added;
}

function decision(
  { service }: EventRule,
  actions: readonly IamAction[],
  mapping: Mapping,
  isShared: boolean,
): IdentifiedAction {
  return { mapping, actions, service, why: undefined, isRefusedStranger: false, isShared };
}

function withPassRole(identified: IdentifiedAction, passRole: IamAction): IdentifiedAction {
  let passing = withRole.get(identified);
  if (passing === undefined) {
    passing = { ...identified, actions: [...identified.actions, passRole] };
    withRole.set(identified, passing);
  }
  return passing;
}

function notAnApiCall(why: string): IdentifiedAction {
  return {
    mapping: 'not_an_api_call',
    actions: [],
    service: undefined,
    why,
    isRefusedStranger: false,
    isShared: false,
  };
}

function unknown(service: string | undefined): IdentifiedAction {
  return {
    mapping: 'unknown',
    actions: [],
    service,
    why: undefined,
    isRefusedStranger: false,
    isShared: false,
  };
}
