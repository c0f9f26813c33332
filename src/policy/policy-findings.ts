import type { PolicyKind } from '../tables/policy-events.ts';
import type { Openness, Severity } from '../tables/policy-tables.ts';
import { RISK_CATEGORIES, type RiskCategory } from '../tables/risk-table.ts';

/** The first are named as categories; the others are counted only, or say who gets in. */
export const POLICY_RISKS = [
  ...RISK_CATEGORIES,
  'infrastructure_modification',
  'service_wildcard',
  'public_access',
  'external_access',
  'confused_deputy',
] as const;
export type PolicyRiskName = (typeof POLICY_RISKS)[number];

/**
 * How sure it is that the policy really allows this. high: nothing stands in its way; medium: a weak condition, a Deny
 * of a part, or names that are limited where any will do; low: a condition that truly limits, a Deny of all but those
 * whom it names, in an identity policy both of what makes medium, or a role that can be passed but only some of them
 * (docs/policy-checks.md, "Confidence").
 */
export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/**
 * Actions that a finding of an event lists, and findings that a change names. POST /policies/analyze lists all actions.
 */
export const MOST_NAMED = 100;

/**
 * Principals that are kept of a trust policy, so that the next version can be compared with it: one of 4,096
 * characters, the highest quota, names some 270 accounts (IAM User Guide, "IAM and AWS STS quotas").
 */
export const MOST_TRUSTED = 300;

/** Who puts something in, and takes nothing out: a service of AWS for an account, or the account itself. */
export type Delivery = 'service' | 'account';

export interface PolicyFinding {
  readonly risk: PolicyRiskName;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** The escalation method, where the risk is privilege_escalation. */
  readonly method?: string;
  /** IAM actions in AWS's spelling, or service prefixes for service_wildcard. */
  readonly actions: readonly string[];
  /** Who gets in, in resource and trust policies. */
  readonly principals?: readonly string[];
  /** Places of the statements in the document that allow it. */
  readonly statements: readonly number[];
  readonly why: string;
  /** Of public_access under a condition that tells no stranger apart, and without a Deny that does. */
  readonly openness?: Openness;
  /** Of external_access that is no more than that. */
  readonly delivery?: Delivery;
}

/** How much the findings of an answer do not tell, because there is too much of it. */
export interface LeftOut {
  readonly findings: number;
  readonly actions: number;
}

/** A Deny that shuts out everyone whom the policy is about. */
export interface Lockout {
  /** Accounts other than the policy's own that are let in all the same, sorted. */
  readonly spared: readonly string[];
}

/** What a policy document allows. */
export interface PolicyAnalysis {
  readonly kind: PolicyKind;
  readonly findings: readonly PolicyFinding[];
  /** How many methods, actions, services or principals each risk has. */
  readonly counts: Readonly<Partial<Record<PolicyRiskName, number>>>;
  readonly categories: readonly RiskCategory[];
  /** Prefixes of the services that the findings touch; `*` alone where that is all of them. */
  readonly services: readonly string[];
  readonly admin: boolean;
  readonly public: boolean;
  readonly externalAccounts: readonly string[];
  /**
   * Of a trust policy: whom it lets in, sorted, at most MOST_TRUSTED: accounts, ARNs of principals and providers, names
   * of services and providers, `*` for everyone. Behind a provider that serves everyone stands the tenant that is let
   * in, `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com octo-org`, and behind an account
   * whom a condition leaves of it, `111122223333 arn:aws:iam::111122223333:role/deploy`.
   */
  readonly trusted?: readonly string[];
  readonly lockout?: Lockout;
  /** Absent where the findings tell everything, but for the actions that were not asked for. */
  readonly leftOut?: LeftOut;
}

/**
 * Whether another account gets in that is a stranger, for more than a delivery: of many accounts the findings are those
 * of the gravest, so that the others are no graver.
 */
export function isOpenToStrangers({ risk, severity, confidence }: PolicyFinding): boolean {
  return risk === 'external_access' && severity !== 'low' && confidence !== 'low';
}

/** Whether a resource or a role stands open by it: to everyone, to strangers, or to a service that publishes. */
export function isOpening(finding: PolicyFinding): boolean {
  if (finding.risk === 'public_access') return true;
  return finding.risk === 'confused_deputy' ? finding.severity === 'high' : isOpenToStrangers(finding);
}

/** Whether the policy of another account's resource lets the given one send data out to it. */
export function receivesFrom({ externalAccounts }: PolicyAnalysis, account: string | undefined): boolean {
  return account !== undefined && externalAccounts.includes(account);
}
