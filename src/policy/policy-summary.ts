import { isObject } from '../event/json.ts';
import { SEVERITIES } from '../tables/policy-tables.ts';
import { newlyTrusted } from './newly-trusted.ts';
import {
  CONFIDENCES,
  type Confidence,
  isOpenToStrangers,
  MOST_NAMED,
  type PolicyAnalysis,
  type PolicyFinding,
  type PolicyRiskName,
} from './policy-findings.ts';

/**
 * What is kept of a policy that was seen: what it allows, never its text. Only names of IAM actions and of findings
 * are in it, so that it outlives a change of tables, and can be written to a snapshot.
 */
export interface PolicySummary {
  readonly analysis: PolicyAnalysis;
  /** Whether it has an Allow at all: a policy of Deny statements gives nobody anything. */
  readonly allows: boolean;
  /** Of a resource policy: it keeps nobody out, so that nothing is lost but access where it is taken away. */
  readonly onlyAllows?: true;
  /**
   * An identity policy that only denies, and whatever the request denies a whole service, or an action that gives
   * rights or credentials: who loses it gains.
   */
  readonly restrains?: true;
  /** How many actions such a policy denies on every resource, whatever the request. */
  readonly denies?: number;
  /** Of the actions that escalation methods are made of; absent for trust and resource policies. */
  readonly steps?: EscalationSteps;
}

/** The actions of escalation methods that an identity policy allows or denies, in AWS's spelling. */
export interface EscalationSteps {
  readonly high: readonly string[];
  readonly medium: readonly string[];
  readonly low: readonly string[];
  /** Denied whatever the request, so that no other policy can allow them. */
  readonly denied: readonly string[];
  readonly someRoles: boolean;
  /** Services that roles can be passed to, of those that matter; absent where that is every service. */
  readonly passedTo?: readonly string[];
  /** Allowed on the user who holds the policy only; absent where there is none. */
  readonly onOwnUser?: Readonly<Partial<Record<Confidence, readonly string[]>>>;
  /** Methods whose actions on resources of any name are allowed on those of some names; absent where there is none. */
  readonly onNames?: Readonly<Partial<Record<Confidence, readonly string[]>>>;
}

/** Whether what was read back has every list that an answer is made of. */
export function isPolicySummary(value: unknown): value is PolicySummary {
  if (!isObject(value) || !isObject(value['analysis']) || typeof value['allows'] !== 'boolean') return false;
  const {
    findings,
    counts,
    categories,
    services,
    externalAccounts,
    trusted = [],
    lockout,
  } = value['analysis'];
  return (
    Array.isArray(findings) &&
    findings.every(isFinding) &&
    isObject(counts) &&
    [categories, services, externalAccounts, trusted].every(Array.isArray) &&
    (lockout === undefined || (isObject(lockout) && Array.isArray(lockout['spared']))) &&
    (value['restrains'] === undefined || value['restrains'] === true) &&
    (value['onlyAllows'] === undefined || value['onlyAllows'] === true) &&
    (value['denies'] === undefined || typeof value['denies'] === 'number') &&
    (value['steps'] === undefined || areSteps(value['steps']))
  );
}

function isFinding(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { actions, statements, principals = [] } = value;
  return [actions, statements, principals].every(Array.isArray);
}

function areSteps(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { high, medium, low, denied, passedTo = [], onOwnUser = {}, onNames = {} } = value;
  return (
    [high, medium, low, denied, passedTo].every(Array.isArray) &&
    [onOwnUser, onNames].every((lists) => isObject(lists) && Object.values(lists).every(Array.isArray))
  );
}

/** How sure and how grave a finding is: the greater, the more. */
interface Weight {
  readonly confidence: number;
  readonly severity: number;
}

/** Of a finding that is not listed, nothing is known but that it is there. */
const UNKNOWN: Weight = { confidence: Number.NaN, severity: Number.NaN };

/**
 * Findings by name, for the comparison of two versions: `privilege_escalation:PutUserPolicy`,
 * `external_access:444455556666`.
 */
function findingsByName({ findings, counts, externalAccounts }: PolicyAnalysis): Map<string, Weight> {
  const byName = new Map<string, Weight>();
  for (const finding of findings) {
    if (finding.risk === 'infrastructure_modification') continue;
    const weight = weightOf(finding);
    for (const name of namesOf(finding, counts)) byName.set(name, graver(byName.get(name), weight));
  }
  // Of many accounts only the gravest have findings, and which these are is no change of the others.
  const accounts = new Set(externalAccounts.map((account) => `external_access:${account}`));
  for (const name of byName.keys())
    if (riskOf(name) === 'external_access' && !accounts.has(name)) byName.delete(name);
  for (const name of accounts) if (!byName.has(name)) byName.set(name, UNKNOWN);
  return byName;
}

function namesOf(
  { risk, method, actions, principals }: PolicyFinding,
  counts: PolicyAnalysis['counts'],
): readonly string[] {
  if (method !== undefined) return [`${risk}:${method}`];
  if (principals !== undefined) return principals.map((principal) => `${risk}:${principal}`);
  // Of more actions than a finding lists nothing is known but their number: they are compared as a whole.
  if ((counts[risk] ?? 0) > MOST_NAMED) return [`${risk}:*`];
  return actions.map((action) => `${risk}:${action}`);
}

/** A word that another release wrote is never surer or graver than one of ours, nor less. */
function weightOf({ confidence, severity }: PolicyFinding): Weight {
  const sure = CONFIDENCES.indexOf(confidence);
  const grave = SEVERITIES.indexOf(severity);
  return { confidence: sure < 0 ? Number.NaN : -sure, severity: grave < 0 ? Number.NaN : grave };
}

function graver(known: Weight | undefined, weight: Weight): Weight {
  if (known === undefined) return weight;
  return {
    confidence: Math.max(known.confidence, weight.confidence),
    severity: Math.max(known.severity, weight.severity),
  };
}

export interface PolicyChange {
  /** Whether an earlier version was seen; if not, the lists say nothing. They are whole: an answer names the first. */
  readonly knownBefore: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * What `after` allows that `before` did not, or more surely or more gravely, and what only `before` allowed; a policy
 * that is gone allows nothing.
 */
export function changeOf(before: PolicySummary | undefined, after: PolicyAnalysis | undefined): PolicyChange {
  if (before === undefined) return { knownBefore: false, added: [], removed: [] };
  const old = findingsByName(before.analysis);
  const now = after === undefined ? new Map<string, Weight>() : findingsByName(after);
  const added = [...now].filter(([name, weight]) => !isAmong(old, name) || isMore(weight, old.get(name)));
  const removed = [...old].filter(([name]) => !isAmong(now, name));
  const { trusted: was } = before.analysis;
  const is = after?.trusted;
  return {
    knownBefore: true,
    added: namesOfAll(added, newlyTrusted(is, was)),
    removed: namesOfAll(removed, newlyTrusted(was, is)),
  };
}

/** `trust:arn:aws:iam::111122223333:user/dev`. */
const TRUST = 'trust:';

/**
 * Whether a role is known to trust principals or providers that it did not trust before, and that no finding which
 * counts tells of: of its own account, another account or everyone within a condition, or a tenant of a provider.
 */
export function trustsAnew({ added }: PolicyChange, { findings }: PolicyAnalysis): boolean {
  const told = new Set(findings.filter(isOpenToStrangers).flatMap(({ principals = [] }) => principals));
  return added.some((one) => {
    if (!one.startsWith(TRUST)) return false;
    const name = one.slice(TRUST.length);
    const account = ACCOUNT_OF_TRUSTED.exec(name)?.[1];
    return account === undefined ? MANY_TRUSTED.test(name) : !told.has(account);
  });
}

const ACCOUNT_OF_TRUSTED = /^(?:arn:[^:]*:[^:]*:[^:]*:)?(\d{12})(?:[: ]|$)/;

/**
 * Everyone, principals of any account or of one that is not told, a tenant of a provider that serves everyone, or who
 * holds a certificate of a trust anchor, which is such a provider (IAM Roles Anywhere User Guide, "Trust model").
 */
const MANY_TRUSTED =
  /^(?:\*$|rolesanywhere\.amazonaws\.com$|A(?:IDA|ROA)[A-Z0-9]+$|arn:[^:]*:[^:]*:[^:]*:[^:]*[*?$]|\S+ \S)/;

function isAmong(findings: ReadonlyMap<string, Weight>, name: string): boolean {
  return findings.has(name) || findings.has(`${riskOf(name)}:*`);
}

function isMore(now: Weight, before: Weight | undefined): boolean {
  return before !== undefined && (now.confidence > before.confidence || now.severity > before.severity);
}

function namesOfAll(
  findings: readonly (readonly [name: string, weight: Weight])[],
  trusted: readonly string[],
): string[] {
  return [...findings.map(([name]) => name), ...trusted.map((name) => `${TRUST}${name}`)];
}

function riskOf(name: string): PolicyRiskName {
  return name.split(':', 1)[0] as PolicyRiskName;
}

/**
 * How many names of actions and findings a summary holds, with a share for each finding: what it weighs in a memory.
 */
export function namesIn(summary: PolicySummary | undefined): number {
  if (summary === undefined) return 0;
  const { analysis, steps } = summary;
  let names =
    analysis.externalAccounts.length +
    (analysis.trusted?.length ?? 0) +
    (analysis.lockout?.spared.length ?? 0);
  for (const { actions, principals, statements } of analysis.findings)
    names += 10 + actions.length + (principals?.length ?? 0) + statements.length;
  if (steps === undefined) return names;
  const { high, medium, low, denied, passedTo = [], onOwnUser = {}, onNames = {} } = steps;
  const byLevel = [...Object.values(onOwnUser), ...Object.values(onNames)];
  for (const list of [high, medium, low, denied, passedTo, ...byLevel]) names += list.length;
  return names;
}
