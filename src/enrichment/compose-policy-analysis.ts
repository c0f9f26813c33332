import type { Static } from '../json-schema.ts';
import type { CloudsplainingFindings } from '../policy/cloudsplaining/analyze-cloudsplaining.ts';
import type { CloudsplainingTrust } from '../policy/cloudsplaining/analyze-cloudsplaining-trust.ts';
import type { PolicyAnalysis } from '../policy/policy-findings.ts';
import type { CloudsplainingConstants } from '../tables/policy-tables.ts';
import { composeAnalysis } from './compose-policy.ts';
import type { DeepReadonly } from './enrichment.ts';
import {
  answerNameOf,
  type CloudsplainingAnalysisSchema,
  type PolicyAnalysisSchema,
} from './policy-schema.ts';

/** The answer of POST /policies/analyze, mode `effective`. */
export function composeEffectiveAnalysis(
  analysis: PolicyAnalysis,
): DeepReadonly<Static<typeof PolicyAnalysisSchema>> {
  const { kind, leftOut } = analysis;
  return {
    mode: 'effective',
    kind,
    ...composeAnalysis(analysis),
    ...(leftOut !== undefined && { left_out: leftOut }),
  };
}

type CloudsplainingAnswer = DeepReadonly<Static<typeof CloudsplainingAnalysisSchema>>;

/** The answer of POST /policies/analyze, mode `cloudsplaining`, for an identity policy. */
export function composeCloudsplaining(
  findings: CloudsplainingFindings,
  severity: CloudsplainingConstants['severity'],
): CloudsplainingAnswer {
  return {
    mode: 'cloudsplaining',
    kind: 'identity',
    severity: inAnswerNames(severity),
    privilege_escalation: findings.privilegeEscalation,
    resource_exposure: findings.resourceExposure,
    data_exfiltration: findings.dataExfiltration,
    credentials_exposure: findings.credentialsExposure,
    service_wildcard: findings.serviceWildcard,
    infrastructure_modification: findings.infrastructureModification,
    services_affected: findings.servicesAffected,
  };
}

/** The same for a trust policy. */
export function composeCloudsplainingTrust(
  trust: CloudsplainingTrust,
  severity: CloudsplainingConstants['severity'],
): CloudsplainingAnswer {
  return {
    mode: 'cloudsplaining',
    kind: 'trust',
    severity: inAnswerNames(severity),
    assumable_by_compute_service: trust.assumableByComputeService,
    assumable_by_cross_account_principal: trust.assumableByCrossAccountPrincipal,
    assumable_by_any_principal: trust.assumableByAnyPrincipal,
    assumable_by_any_principal_with_conditions: trust.assumableByAnyPrincipalWithConditions,
  };
}

/** The severities under the names that their categories have in the answer. */
function inAnswerNames(severity: CloudsplainingConstants['severity']): CloudsplainingAnswer['severity'] {
  return Object.fromEntries(
    Object.entries(severity).map(([category, value]) => [answerNameOf(category), value]),
  );
}
