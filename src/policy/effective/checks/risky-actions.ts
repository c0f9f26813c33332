import type { Severity } from '../../../tables/policy-tables.ts';
import type { ActionSet } from '../../patterns/action-set.ts';
import { CONFIDENCES, type PolicyFinding, type PolicyRiskName } from '../../policy-findings.ts';
import type { CheckResult } from './check-result.ts';
import { type IdentityCheck, type IdentityContext, sourcesOf } from './identity-check.ts';

/** Actions that AWS counts as Permissions management change who may use a resource. */
export const checkResourceExposure: IdentityCheck = (context) =>
  findActions(context, context.data.exposing, {
    risk: 'resource_exposure',
    severity: 'high',
    why: 'Changes who may use resources, on any of them.',
  });

/** Actions whose answer is stored data or a secret: data/curated/exfiltration-actions.json. */
export const checkDataExfiltration: IdentityCheck = (context) =>
  findActions(context, context.data.exfiltration, {
    risk: 'data_exfiltration',
    severity: 'medium',
    why: 'Reads stored data or secrets, from any resource.',
  });

/** Actions whose answer is a credential: data/curated/credential-actions.json. */
export const checkCredentialsExposure: IdentityCheck = (context) =>
  findActions(context, context.data.credentials, {
    risk: 'credentials_exposure',
    severity: 'high',
    why: 'Answers with credentials, for any resource.',
  });

/** Actions that AWS counts as Write, Permissions management or Tagging. */
export const checkInfrastructureModification: IdentityCheck = (context) =>
  findActions(context, context.data.modifying, {
    risk: 'infrastructure_modification',
    severity: 'low',
    why: 'Changes resources, any of them.',
  });

interface RiskyActions {
  readonly risk: PolicyRiskName;
  readonly severity: Severity;
  readonly why: string;
}

/** One finding for each confidence with which the policy allows actions of `mask` without limits. */
function findActions(context: IdentityContext, mask: ActionSet, about: RiskyActions): CheckResult {
  const { grants, data, mostActions } = context;
  if (!grants.all.meets(mask)) return { risk: about.risk, count: 0, findings: [] };
  const touched = grants.all.copy();
  touched.keepAll(mask);
  const findings: PolicyFinding[] = [];
  for (const confidence of CONFIDENCES) {
    const sure = grants.sure[confidence];
    if (sure === undefined || !sure.meets(mask)) continue;
    const found = touched.copy();
    found.keepAll(sure);
    findings.push({
      ...about,
      confidence,
      actions: found.indices(undefined, mostActions).map((index) => data.idOf(index)),
      statements: sourcesOf(grants, found),
    });
  }
  return { risk: about.risk, count: touched.count(), findings, touched };
}
