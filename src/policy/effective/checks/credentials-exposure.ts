import { findActions, type IdentityCheck } from './identity-check.ts';

/** Actions whose answer is a credential: data/curated/credential-actions.json. */
export const checkCredentialsExposure: IdentityCheck = (context) =>
  findActions(context, context.data.credentials, {
    risk: 'credentials_exposure',
    severity: 'high',
    why: 'Answers with credentials, for any resource.',
  });
