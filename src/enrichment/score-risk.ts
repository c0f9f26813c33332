import type { SourceSeverity } from '../session/source-verdicts.ts';
import type { CallOutcome } from '../tables/error-outcomes.ts';
import type { PolicyKind } from '../tables/policy-events.ts';
import type { CallRisk, RiskCategory, RiskLevel } from '../tables/risk-table.ts';
import type { RiskWeightId, RiskWeights } from '../tables/risk-weights.ts';

/** What the policy analysis found in the document or the change that the call carries. */
export interface PolicyRisk {
  readonly kind: PolicyKind;
  /** Whether what the policy allows is known; a policy whose text was not seen says nothing either way. */
  readonly analysed: boolean;
  /** Parts of the document could not be read: it may grant more than is known. */
  readonly unread: boolean;
  readonly categories: readonly RiskCategory[];
  /** Of the categories, those that rest on findings of confidence low alone. */
  readonly unsure: readonly RiskCategory[];
  /** The document alone allows no privilege escalation, but with other policies of its principal it does. */
  readonly together: boolean;
  readonly admin: boolean;
  readonly public: boolean;
  /**
   * Who outside is let in: strangers, accounts that only send something in, or services that do so for another, or take
   * a role for it.
   */
  readonly external: 'strangers' | 'senders' | 'delivery' | 'served' | undefined;
  /** An existing role trusts principals of its own account that it did not trust before. */
  readonly ownTrust: boolean;
  /** The call only takes back what was shared. */
  readonly withdraws: boolean;
  /** A policy that only denied, and denied what counts, is taken away or denies less. */
  readonly liftsDeny: boolean;
  /** A Deny shuts out everyone whom the policy is about. */
  readonly locksOut: boolean;
  /** False for a version that was not made the default, or a policy that nothing is attached to. */
  readonly effectiveNow: boolean;
  /** The caller is the one who gains. */
  readonly selfGrant: boolean;
}

export interface RiskEvidence {
  readonly call: CallRisk;
  /** What parameters tell of the call that its policy has no part in. */
  readonly beside?: Pick<CallRisk, 'level' | 'categories'> | undefined;
  readonly outcome: CallOutcome;
  readonly policy?: PolicyRisk | undefined;
  /** The policy of a VPC endpoint refused a call with another account's credentials. */
  readonly refusedStranger?: boolean;
  readonly source: SourceSeverity;
}

export interface RiskScore {
  /** 0-100 */
  readonly score: number;
  readonly level: RiskLevel;
  readonly reasons: readonly string[];
}

/** From which score on a level holds, the gravest first: the meaning of the levels (docs/risk.md), not a weight. */
export const RISK_BANDS: readonly (readonly [level: RiskLevel, from: number])[] = [
  ['critical', 90],
  ['high', 70],
  ['medium', 40],
  ['low', 10],
];

export function levelOfScore(score: number): RiskLevel {
  return RISK_BANDS.find(([, from]) => score >= from)?.[0] ?? 'none';
}

/**
 * How much this one event asks for attention. What the call can do sets the base; what its policy really grants and
 * where its credentials are used from move it; an attempt that changed nothing keeps a part of it.
 */
export function scoreRisk(evidence: RiskEvidence, weights: RiskWeights): RiskScore {
  const { call, policy, beside } = evidence;
  const reasons = beside === undefined && onlyLocksOut(policy) ? [] : [...call.reasons];
  const able = abilityScore(call, weights);
  const granted = policy === undefined ? able : policyScore(able, policy, weights, reasons);
  // However harmless the policy is, the rest of the call is what it is.
  const besideScore = beside === undefined ? 0 : abilityScore(beside, weights);
  const done = outcomeScore(Math.max(granted, besideScore), evidence.outcome, weights, reasons);
  const base = evidence.refusedStranger ? strangerScore(done, weights, reasons) : done;
  const score = sourceScore(base, evidence.source, weights, reasons);
  return { score, level: levelOfScore(score), reasons };
}

/** What the call could have granted is then no reason of its score. */
function onlyLocksOut(policy: PolicyRisk | undefined): boolean {
  return policy?.analysed === true && policy.locksOut && !policy.unread && grantsOf(policy).length === 0;
}

/** Categories order calls within the band of their level, and never lift a call out of it: that takes evidence. */
function abilityScore(call: Pick<CallRisk, 'level' | 'categories'>, weights: RiskWeights): number {
  const base = weights[`base.${call.level}`];
  if (call.level === 'none') return base;
  const bonus = call.categories.reduce((sum, category) => sum + weights[`category.${category}`], 0);
  return base + Math.min(bonus, weights['category.ceiling']);
}

/**
 * Where the policy could be read, what it grants takes the place of what the call could have granted: a harmless
 * document makes the most dangerous call a routine one. A policy that is not in force keeps a part of its weight.
 */
function policyScore(able: number, policy: PolicyRisk, weights: RiskWeights, reasons: string[]): number {
  if (!policy.analysed) return able;
  const grants = grantsOf(policy);
  if (grants.length === 0) {
    reasons.push(reasonOfNothing(policy));
    return policy.locksOut || policy.unread
      ? inForce(able, policy, weights, reasons)
      : Math.min(able, weights['policy.harmless']);
  }
  for (const [, reason] of grants) reasons.push(reason);
  if (policy.selfGrant) reasons.push('The caller is the one who gains.');
  if (policy.locksOut) reasons.push(LOCKED_OUT);
  if (policy.unread) reasons.push(UNREAD);
  const gravest = Math.max(
    weights['policy.harmless'],
    ...grants.map(([weight, , unsure]) => weights[weight] * (unsure ? weights['policy.unsure'] : 1)),
  );
  const self = policy.selfGrant ? weights['policy.self_grant'] : 0;
  const further = grants.length - (namesAmongEveryone(policy) ? 2 : 1);
  const score = clamp(Math.round(gravest) + further * weights['policy.further'] + self);
  // Whoever is let in besides makes a lockout no less grave.
  const least = policy.unread || policy.locksOut ? able : 0;
  return inForce(Math.max(least, score), policy, weights, reasons);
}

/** Accounts that a resource lets in by name beside everyone are no further ones. */
function namesAmongEveryone({ public: everyone, external, kind }: PolicyRisk): boolean {
  return everyone && external === 'strangers' && kind === 'resource';
}

function inForce(score: number, policy: PolicyRisk, weights: RiskWeights, reasons: string[]): number {
  if (policy.effectiveNow) return score;
  reasons.push('The policy is not in force yet.');
  return Math.round(score * weights['policy.not_effective']);
}

const LOCKED_OUT = 'The policy shuts out everyone whom it is about.';

const UNREAD = 'Parts of the policy could not be read, and may grant more.';

function reasonOfNothing({ withdraws, locksOut, unread }: PolicyRisk): string {
  if (withdraws) return 'The call only takes back what was shared.';
  if (unread) return UNREAD;
  return locksOut ? LOCKED_OUT : 'The policy was analysed, and grants nothing that is counted as a risk.';
}

type Grant = readonly [weight: RiskWeightId, reason: string, unsure?: boolean];

function grantsOf(policy: PolicyRisk): readonly Grant[] {
  const grants: Grant[] = policy.admin
    ? [['policy.admin', 'The policy allows everything.']]
    : policy.categories.map((category) => grantOf(category, policy));
  if (policy.public) grants.push(['policy.public', 'The policy lets everyone in.']);
  // Everyone has other accounts among them: a role that is open to all is no less grave than one that is open to a
  // partner.
  if (policy.public && policy.kind === 'trust' && policy.external !== 'strangers')
    grants.push(['policy.external_trust', 'Another account can take the role.']);
  if (policy.external === 'delivery')
    grants.push(['policy.external_delivery', 'The policy lets a service deliver for another account.']);
  if (policy.external === 'served')
    grants.push(['policy.external_delivery', 'The policy lets a service take the role for another account.']);
  if (policy.external === 'senders')
    grants.push(['policy.external_senders', 'The policy lets another account send something in.']);
  if (policy.external === 'strangers') {
    const weight = policy.kind === 'trust' ? 'policy.external_trust' : 'policy.external_account';
    grants.push([weight, 'The policy lets another account in.']);
  }
  if (policy.liftsDeny) {
    grants.push([
      'policy.lifted_deny',
      'What a policy denied is possible again: it is taken away, or denies less.',
    ]);
  }
  if (policy.ownTrust)
    grants.push([
      'policy.own_trust',
      'The role trusts others than before, of its own account or organization, or by an identity provider.',
    ]);
  if (policy.selfGrant && policy.kind === 'trust') {
    grants.push(['policy.self_trust', 'The role now trusts the caller.']);
  }
  return grants;
}

function grantOf(category: RiskCategory, { unsure, together }: PolicyRisk): Grant {
  const isUnsure = unsure.includes(category);
  const joint = together && category === 'privilege_escalation';
  const reason = joint
    ? "With its principal's other policies, the policy allows privilege escalation."
    : CATEGORY_REASONS[category];
  return [`policy.${category}`, isUnsure ? `${reason.slice(0, -1)}, but ${UNSURE}.` : reason, isUnsure];
}

/** What makes a finding's confidence low (policy-findings.ts). */
const UNSURE = 'a condition or a Deny limits it, or only some roles can be passed';

const CATEGORY_REASONS: Readonly<Record<RiskCategory, string>> = {
  privilege_escalation: 'The policy allows privilege escalation.',
  credentials_exposure: 'The policy allows credentials to be obtained.',
  data_exfiltration: 'The policy allows data to be read out.',
  resource_exposure: 'The policy allows resources to be opened to others.',
};

const OUTCOME_REASONS: Readonly<Record<Exclude<CallOutcome, 'success'>, string>> = {
  denied: 'The call was denied: it shows intent, and changed nothing.',
  error: 'The call failed, and changed nothing.',
  dry_run: 'The call was a dry run: it only asked whether it would be allowed.',
};

function outcomeScore(score: number, outcome: CallOutcome, weights: RiskWeights, reasons: string[]): number {
  if (outcome === 'success') return score;
  if (score > 0) reasons.push(OUTCOME_REASONS[outcome]);
  return Math.round(score * weights[`outcome.${outcome}`]);
}

/** No action says what the call could have done; that foreign credentials were tried from inside is what counts. */
function strangerScore(score: number, weights: RiskWeights, reasons: string[]): number {
  reasons.push("Another account's credentials were used from the endpoint's network, and refused.");
  return Math.max(score, weights['endpoint.refused_stranger']);
}

/** Stolen credentials show on calls that are harmless or denied too, so the source is counted last. */
function sourceScore(
  score: number,
  severity: SourceSeverity,
  weights: RiskWeights,
  reasons: string[],
): number {
  if (severity === 'none') return clamp(score);
  reasons.push(`The credentials are used from a source of ${severity} concern.`);
  if (severity === 'low') return clamp(Math.min(score + weights['source.low'], highestOfLevel(score)));
  return clamp(Math.max(score + weights[`source.${severity}`], weights[`source.${severity}_floor`]));
}

/** The highest score of the level that a score has: a remark lifts nothing into the next. */
function highestOfLevel(score: number): number {
  const next = RISK_BANDS.findLast(([, from]) => from > score);
  return next === undefined ? 100 : next[1] - 1;
}

function clamp(score: number): number {
  return Math.max(0, Math.min(100, score));
}
