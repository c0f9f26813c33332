import { findActions, type IdentityCheck } from './identity-check.ts';

/** Actions that AWS counts as Permissions management change who may use a resource. */
export const checkResourceExposure: IdentityCheck = (context) =>
  findActions(context, context.data.exposing, {
    risk: 'resource_exposure',
    severity: 'high',
    why: 'Changes who may use resources, on any of them.',
  });
