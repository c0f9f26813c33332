import { ActionSet } from '../../patterns/action-set.ts';
import type { PolicyFinding } from '../../policy-findings.ts';
import type { EffectiveData } from '../effective-data.ts';
import type { CheckResult } from './check-result.ts';
import { type IdentityCheck, sourcesOf } from './identity-check.ts';

const NONE: CheckResult = { risk: 'service_wildcard', count: 0, findings: [] };

/**
 * Services whose every action the policy allows without limits by wildcard: `s3:*`, `S3:*`, `*:*` or a NotAction.
 * A list of all the names does not count, because what AWS adds to the service later is not in it.
 */
export const checkServiceWildcard: IdentityCheck = ({ grants, data, mostActions }) => {
  if (grants.wild.isEmpty()) return NONE;
  const whole = data.services.filter(
    ({ actions }) => grants.wild.includesSpan(actions) && grants.all.includesSpan(actions),
  );
  if (whole.length === 0) return NONE;
  const isSure = ({ actions }: Service) => grants.sure.high?.includesSpan(actions) === true;
  // All services are told as `*`, once.
  if (whole.length === data.services.length) {
    const confidence = whole.every(isSure) ? 'high' : 'medium';
    return { risk: 'service_wildcard', count: whole.length, findings: [describe(whole, confidence, ['*'])] };
  }
  const findings: PolicyFinding[] = [];
  for (const confidence of ['high', 'medium'] as const) {
    const found = whole.filter((service) => isSure(service) === (confidence === 'high'));
    const names = found.slice(0, mostActions).map(({ service }) => service);
    if (found.length > 0) findings.push(describe(found, confidence, names));
  }
  return { risk: 'service_wildcard', count: whole.length, findings };

  function describe(
    services: readonly Service[],
    confidence: 'high' | 'medium',
    actions: string[],
  ): PolicyFinding {
    const touched = ActionSet.empty(data.table.all.length);
    for (const { actions: span } of services) touched.addSpan(span);
    return {
      risk: 'service_wildcard',
      severity: 'medium',
      confidence,
      actions,
      statements: sourcesOf(grants, touched),
      why: 'Allows every action of a service, the ones that AWS adds later too.',
    };
  }
};

type Service = EffectiveData['services'][number];
