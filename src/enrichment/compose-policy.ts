import type { Static } from '../json-schema.ts';
import type { EventPolicy } from '../policy/events/event-policy.ts';
import {
  isOpening,
  isOpenToStrangers,
  type Lockout,
  MOST_NAMED,
  type PolicyAnalysis,
  type PolicyFinding,
  receivesFrom,
} from '../policy/policy-findings.ts';
import { trustsAnew } from '../policy/policy-summary.ts';
import { RISK_CATEGORIES, type RiskCategory } from '../tables/risk-table.ts';
import type { DeepReadonly } from './enrichment.ts';
import type { PolicyFindingSchema, PolicySchema } from './policy-schema.ts';
import type { PolicyRisk } from './score-risk.ts';

export type PolicyAnswer = DeepReadonly<Static<typeof PolicySchema>>;
type PolicyFindingAnswer = DeepReadonly<Static<typeof PolicyFindingSchema>>;

/** The answer's `policy`. */
export function composePolicy(policy: EventPolicy): PolicyAnswer {
  const { analysis, change, principal } = policy;
  return {
    kind: policy.kind,
    operation: policy.operation,
    ...(policy.limits && { limits: true }),
    ...(policy.name !== undefined && { name: policy.name }),
    ...(policy.arn !== undefined && { arn: policy.arn }),
    ...(policy.versionId !== undefined && { version_id: policy.versionId }),
    ...(policy.appliesTo.length > 0 && { applies_to: policy.appliesTo }),
    effective_now: policy.effect === 'now',
    ...(policy.liftsDeny && { lifts_deny: true }),
    self_grant: policy.selfGrant,
    analysed: analysis !== undefined,
    ...(analysis !== undefined && composeAnalysis(analysis)),
    ...(change !== undefined && {
      change: {
        known_before: change.knownBefore,
        added: change.added.slice(0, MOST_NAMED),
        removed: change.removed.slice(0, MOST_NAMED),
      },
    }),
    ...(principal !== undefined && {
      principal: {
        name: principal.name,
        policies: principal.policies,
        findings: principal.findings.map(composePolicyFinding),
      },
    }),
  };
}

/** The part of the answer that says what a document allows, whatever the event. */
export function composeAnalysis(analysis: PolicyAnalysis) {
  return {
    counts: analysis.counts,
    categories: analysis.categories,
    admin: analysis.admin,
    public: analysis.public,
    services: analysis.services,
    external_accounts: analysis.externalAccounts,
    ...(analysis.trusted !== undefined &&
      analysis.trusted.length > 0 && { trusted: analysis.trusted.slice(0, MOST_NAMED) }),
    ...(analysis.lockout !== undefined && { lockout: composeLockout(analysis.lockout) }),
    findings: analysis.findings.map(composePolicyFinding),
  };
}

/** An engine indexes an empty list as no field at all, and could not be asked for those who spare nobody. */
function composeLockout({ spared }: Lockout): NonNullable<PolicyAnswer['lockout']> {
  return { total: spared.length === 0, spared };
}

function composePolicyFinding(finding: PolicyFinding): PolicyFindingAnswer {
  return {
    risk: finding.risk,
    severity: finding.severity,
    confidence: finding.confidence,
    ...(finding.method !== undefined && { method: finding.method }),
    actions: finding.actions,
    ...(finding.principals !== undefined && { principals: finding.principals }),
    statements: finding.statements,
    why: finding.why,
  };
}

/**
 * What the score is told of the policy: a policy that only limits, or whose text is not known, grants nothing.
 * @param account the account that the event is of
 */
export function riskOfPolicy(event: EventPolicy, account: string | undefined): PolicyRisk {
  const policy = event.limits ? { ...event, analysis: undefined } : event;
  const { analysis, change, principal } = policy;
  const together = principal !== undefined;
  const categories = analysis?.categories ?? [];
  const joint = together && !categories.includes('privilege_escalation');
  return {
    kind: policy.kind,
    analysed: together || policy.liftsDeny || policy.withdraws || analysis !== undefined,
    unread: policy.unread,
    categories: joint ? ['privilege_escalation', ...categories] : categories,
    together: joint,
    unsure: unsureOf(policy),
    admin: analysis?.admin ?? false,
    public: analysis?.public ?? false,
    external: externalOf(analysis, account),
    ownTrust: analysis !== undefined && change !== undefined && trustsAnew(change, analysis),
    withdraws: policy.withdraws,
    liftsDeny: policy.liftsDeny,
    locksOut: analysis?.lockout !== undefined,
    effectiveNow: policy.effect !== 'later',
    selfGrant: policy.selfGrant,
  };
}

/**
 * Risks that no finding is surer of than `low`: it may be that nobody meets the condition, or that no strong role can
 * be passed. A resource is exposed by whom it lets in, so that these findings count. A role that everyone may assume
 * who knows its sts:ExternalId is open indeed (policy-checks.md, "Confidence"): of trust nothing is unsure.
 */
function unsureOf({ kind, analysis, principal }: EventPolicy): readonly RiskCategory[] {
  const findings = [...(analysis?.findings ?? []), ...(principal?.findings ?? [])];
  return RISK_CATEGORIES.filter((category) => {
    const about = findings.filter((one) => one.risk === category || (kind !== 'trust' && isOpening(one)));
    return about.length > 0 && about.every(({ confidence }) => confidence === 'low');
  });
}

/**
 * Within an organization nobody is counted, as for `public`. A role for everyone under a condition that a stranger can
 * meet lets in no fewer than one for a stranger's account.
 */
function externalOf(
  analysis: PolicyAnalysis | undefined,
  account: string | undefined,
): PolicyRisk['external'] {
  if (analysis === undefined) return undefined;
  if (analysis.kind === 'trust' && analysis.findings.some(({ openness }) => openness !== undefined))
    return 'strangers';
  if (analysis.externalAccounts.length === 0) return undefined;
  if (analysis.findings.some(isOpenToStrangers)) return 'strangers';
  const sure = analysis.findings.filter(
    ({ risk, confidence }) => risk === 'external_access' && confidence !== 'low',
  );
  if (analysis.kind === 'trust') return sure.length > 0 ? 'served' : undefined;
  const deliveries = sure.map(({ delivery }) => delivery);
  if (deliveries.includes('account')) return receivesFrom(analysis, account) ? 'strangers' : 'senders';
  return deliveries.includes('service') ? 'delivery' : undefined;
}
