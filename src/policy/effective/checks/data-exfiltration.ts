import { findActions, type IdentityCheck } from './identity-check.ts';

/** Actions whose answer is stored data or a secret: data/curated/exfiltration-actions.json. */
export const checkDataExfiltration: IdentityCheck = (context) =>
  findActions(context, context.data.exfiltration, {
    risk: 'data_exfiltration',
    severity: 'medium',
    why: 'Reads stored data or secrets, from any resource.',
  });
