import { findActions, type IdentityCheck } from './identity-check.ts';

/** Actions that AWS counts as Write, Permissions management or Tagging. */
export const checkInfrastructureModification: IdentityCheck = (context) =>
  findActions(context, context.data.modifying, {
    risk: 'infrastructure_modification',
    severity: 'low',
    why: 'Changes resources, any of them.',
  });
