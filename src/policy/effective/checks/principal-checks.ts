import { checkConfusedDeputy } from './confused-deputy.ts';
import { checkExternalAccess } from './external-access.ts';
import type { PrincipalCheck } from './principal-check.ts';
import { checkPublicAccess } from './public-access.ts';

/** What is asked of every resource and trust policy, in the order of the answer. */
export const PRINCIPAL_CHECKS: readonly PrincipalCheck[] = [
  checkPublicAccess,
  checkExternalAccess,
  checkConfusedDeputy,
];
