import { checkCredentialsExposure } from './credentials-exposure.ts';
import { checkDataExfiltration } from './data-exfiltration.ts';
import type { IdentityCheck } from './identity-check.ts';
import { checkInfrastructureModification } from './infrastructure-modification.ts';
import { checkPrivilegeEscalation } from './privilege-escalation.ts';
import { checkResourceExposure } from './resource-exposure.ts';
import { checkServiceWildcard } from './service-wildcard.ts';

/** What is asked of every identity policy, in the order of the answer. */
export const IDENTITY_CHECKS: readonly IdentityCheck[] = [
  checkPrivilegeEscalation,
  checkResourceExposure,
  checkDataExfiltration,
  checkCredentialsExposure,
  checkServiceWildcard,
  checkInfrastructureModification,
];
