import type { Claim, Requester, Source } from './claim.ts';
import type { ClaimTerms } from './kept-claim.ts';

/** Zero only where both claims say the same of every field that an answer rests on. */
export function compareClaims(a: Claim, b: Claim): number {
  if (a === b) return 0;
  return (
    a.time - b.time ||
    compareText(a.eventId, b.eventId) ||
    compareText(a.sharedEventId, b.sharedEventId) ||
    // Beyond these only copies of one record agree: one that was delivered twice, or a forgery.
    compareTerms(a, b) ||
    compareText(a.session, b.session) ||
    compareTime(a.expiresAt, b.expiresAt) ||
    compareRequesters(a.requester, b.requester) ||
    compareSources(a.source, b.source)
  );
}

export function compareTerms(a: ClaimTerms, b: ClaimTerms): number {
  return (
    compareText(a.accountId, b.accountId) ||
    compareText(a.kind, b.kind) ||
    compareText(a.action, b.action) ||
    compareText(a.region, b.region) ||
    compareText(a.actsAs, b.actsAs) ||
    compareText(a.expiresBasis, b.expiresBasis) ||
    compareText(a.sourceIdentity, b.sourceIdentity)
  );
}

export function compareRequesters(a: Requester, b: Requester): number {
  if (a === b) return 0;
  return (
    compareText(a.type, b.type) ||
    compareText(a.arn, b.arn) ||
    compareText(a.principalId, b.principalId) ||
    compareText(a.accountId, b.accountId) ||
    compareText(a.accessKeyId, b.accessKeyId) ||
    compareText(a.invokedBy, b.invokedBy) ||
    compareTime(a.createdAt, b.createdAt) ||
    compareText(a.signInSessionArn, b.signInSessionArn) ||
    compareText(a.scopeType, b.scopeType) ||
    compareText(a.scopeArn, b.scopeArn)
  );
}

export function compareSources(a: Source, b: Source): number {
  if (a === b) return 0;
  return (
    compareText(a.address, b.address) ||
    compareText(a.userAgent, b.userAgent) ||
    compareText(a.vpcEndpointId, b.vpcEndpointId) ||
    compareText(a.vpcEndpointAccountId, b.vpcEndpointAccountId)
  );
}

function compareTime(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  return b === undefined ? -1 : a - b;
}

export function compareText(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}
