import { ActionSet } from '../../patterns/action-set.ts';
import { CONFIDENCES, type Confidence, type PolicyFinding } from '../../policy-findings.ts';
import type { EffectiveData } from '../effective-data.ts';
import type { Grants } from '../grants.ts';
import type { CheckResult } from './check-result.ts';
import { type IdentityCheck, type IdentityContext, sourcesOf } from './identity-check.ts';

const NONE: CheckResult = { risk: 'service_wildcard', count: 0, findings: [] };

/**
 * Services whose every action the policy allows without limits by wildcard: `s3:*`, `S3:*`, `*:*` or a NotAction.
 * A list of all the names does not count, because what AWS adds to the service later is not in it.
 */
export const checkServiceWildcard: IdentityCheck = (context) => {
  const { grants, data } = context;
  if (grants.wild.isEmpty()) return NONE;
  const whole = data.services.filter(
    ({ actions }) => grants.wild.includesSpan(actions) && grants.all.includesSpan(actions),
  );
  if (whole.length === 0) return NONE;
  const bySurety = Map.groupBy(whole, sureness(grants, data));
  const count = whole.length;
  const levels = CONFIDENCES.filter((level) => bySurety.has(level));
  // All services are told as `*`, once, as sure as the least sure of them.
  const findings =
    count === data.services.length
      ? [describe(whole, levels.at(-1) ?? 'low', ['*'], context)]
      : levels.map((level) => describeNamed(bySurety.get(level) ?? [], level, context));
  return { risk: 'service_wildcard', count, findings };
};

type Service = EffectiveData['services'][number];

/** A service is as sure as the least sure of its actions. */
function sureness({ sure }: Grants, data: EffectiveData): (service: Service) => Confidence {
  const reach = ActionSet.empty(data.table.all.length);
  const reaches = CONFIDENCES.map((level) => {
    if (sure[level] !== undefined) reach.addAll(sure[level]);
    return [level, reach.copy()] as const;
  });
  return ({ actions }) => reaches.find(([, set]) => set.includesSpan(actions))?.[0] ?? 'low';
}

function describeNamed(services: readonly Service[], confidence: Confidence, context: IdentityContext) {
  const names = services.slice(0, context.mostActions).map(({ service }) => service);
  return describe(services, confidence, names, context);
}

function describe(
  services: readonly Service[],
  confidence: Confidence,
  actions: readonly string[],
  { grants, data }: IdentityContext,
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
