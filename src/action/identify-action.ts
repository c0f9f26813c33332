import type { CloudTrailRecord, RecordKind } from '../event/cloudtrail-record.ts';
import type { JsonObject } from '../event/json.ts';
import type { IamAction } from '../tables/action-table.ts';
import type { EventRule, EventRules } from '../tables/event-rules.ts';
import type { Tables } from '../tables/tables.ts';
import { namesSomething, testHolds } from './parameter-value.ts';

/**
 * exact: the event is named as the action. rule: a rule or a curated row tells the actions, or that none is needed.
 * ambiguous: one of several actions, and the record does not tell which. unknown: nothing is guessed.
 */
export type Mapping = 'exact' | 'rule' | 'ambiguous' | 'unknown' | 'not_an_api_call';

export interface IdentifiedAction {
  readonly mapping: Mapping;
  /** The called action first, then others the call needs, iam:PassRole last. With `rule` and none: the call needs no permission. */
  readonly actions: readonly IamAction[];
  /** IAM prefix; also where the service is known and the action is not. */
  readonly service: string | undefined;
  readonly passesRole: boolean;
  /** Why the record is no API call: one short sentence. */
  readonly why: string | undefined;
}

const NOT_AN_API_CALL: Readonly<Record<Exclude<RecordKind, 'api_call'>, string>> = {
  console_sign_in: 'A sign-in to the console: no API was called.',
  service_event: 'Written by an AWS service about itself: no request to a public API led to it directly.',
  insight: 'A CloudTrail Insight: it tells of a rate of calls, not of one call.',
  digest: 'A digest of log files.',
  network_activity: 'The network activity at a VPC endpoint: the call itself is recorded in an event of its own.',
};

/** Which IAM actions the recorded call was checked against. Never throws, whatever the record holds. */
export function identifyAction(record: CloudTrailRecord, tables: Pick<Tables, 'eventRules'>): IdentifiedAction {
  if (record.kind !== 'api_call') return notAnApiCall(NOT_AN_API_CALL[record.kind]);
  const { eventSource, eventName } = record;
  if (eventSource === undefined || eventName === undefined) return unknown(undefined);
  const rules = tables.eventRules.find(eventSource, eventName);
  if (rules.notAnApiCall !== undefined && !(record.eventType === 'AwsApiCall' && rules.rule !== undefined)) {
    return notAnApiCall(rules.notAnApiCall);
  }
  return identify(rules, record.requestParameters, tables);
}

/** The parameters first tell which service is called, where several share a host, then which of its actions. */
function identify(
  rules: EventRules,
  parameters: JsonObject | undefined,
  tables: Pick<Tables, 'eventRules'>,
): IdentifiedAction {
  const chosen = parameters === undefined ? undefined : chosenRule(rules, parameters);
  const rule = chosen ?? rules.rule;
  if (rule === undefined) return unknown(rules.service);
  if (chosen === undefined && parameters === undefined && rules.rivals.length > 0) return undecided(rule, rules.rivals);
  const base = rule.cases.length === 0 ? decided(rule, rule.actions, chosen) : byCases(rule, parameters);
  return withPassedRole(base, rule, parameters, tables.eventRules.passRole);
}

function chosenRule(rules: EventRules, parameters: JsonObject): EventRule | undefined {
  for (const { choice, rule } of rules.choices) {
    if (rule !== undefined && testHolds(choice.test, parameters)) return rule;
  }
  return undefined;
}

/** A choice among prefixes rests on a parameter, so it is never `exact`. */
function decided(rule: EventRule, actions: readonly IamAction[], chosen: EventRule | undefined): IdentifiedAction {
  const mapping = chosen === undefined ? rule.mapping : 'rule';
  return { mapping, actions, service: rule.service, passesRole: false, why: undefined };
}

function byCases(rule: EventRule, parameters: JsonObject | undefined): IdentifiedAction {
  const held = parameters === undefined ? [] : rule.cases.filter((one) => testHolds(one.test, parameters));
  const [first] = held;
  if (first === undefined) return { ...decided(rule, rule.actions, undefined), mapping: 'ambiguous' };
  if (!rule.collect) return decided(rule, first.actions, rule);
  return decided(rule, [...new Set(held.flatMap((one) => one.actions))], rule);
}

function withPassedRole(
  identified: IdentifiedAction,
  rule: EventRule,
  parameters: JsonObject | undefined,
  passRole: IamAction,
): IdentifiedAction {
  if (parameters === undefined) return identified;
  for (const path of rule.rolePaths) {
    if (namesSomething(path, parameters)) {
      return { ...identified, actions: [...identified.actions, passRole], passesRole: true };
    }
  }
  return identified;
}

function undecided(rule: EventRule, rivals: readonly EventRule[]): IdentifiedAction {
  const actions = [rule, ...rivals].flatMap((one) => one.actions);
  return { mapping: 'ambiguous', actions, service: rule.service, passesRole: false, why: undefined };
}

function notAnApiCall(why: string): IdentifiedAction {
  return { mapping: 'not_an_api_call', actions: [], service: undefined, passesRole: false, why };
}

function unknown(service: string | undefined): IdentifiedAction {
  return { mapping: 'unknown', actions: [], service, passesRole: false, why: undefined };
}
