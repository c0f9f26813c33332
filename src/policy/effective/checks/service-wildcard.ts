import { ActionSet } from '../../patterns/action-set.ts';
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
  const everything = whole.length === data.services.length;
  const sure = whole.every(({ actions }) => grants.sure.high?.includesSpan(actions));
  const touched = ActionSet.empty(data.table.all.length);
  for (const { actions } of whole) touched.addSpan(actions);
  const finding = {
    risk: 'service_wildcard',
    severity: 'medium',
    confidence: sure ? 'high' : 'medium',
    actions: everything ? ['*'] : whole.slice(0, mostActions).map(({ service }) => service),
    statements: sourcesOf(grants, touched),
    why: 'Allows every action of a service, the ones that AWS adds later too.',
  } as const;
  return { risk: 'service_wildcard', count: whole.length, findings: [finding] };
};
