import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { Claim, CredentialKind, Requester, Source } from './claim.ts';

/** The parts of a claim that any record gives: who asked, from where. */
export function requesterOf(record: CloudTrailRecord): Requester {
  const identity = record.userIdentity;
  return {
    type: identity.type,
    arn: identity.arn,
    principalId: identity.principalId,
    accountId: identity.accountId,
    accessKeyId: identity.accessKeyId,
    invokedBy: identity.invokedBy,
    createdAt: identity.sessionCreationDate,
    signInSessionArn: identity.signInSessionArn,
  };
}

export function sourceOf(record: CloudTrailRecord): Source {
  return {
    address: record.sourceIpAddress,
    userAgent: record.userAgent,
    vpcEndpointId: record.vpcEndpointId,
    vpcEndpointAccountId: record.vpcEndpointAccountId,
  };
}

/** A claim on something that has no life of its own to tell of. */
export function plainClaim(
  record: CloudTrailRecord,
  time: number,
  kind: CredentialKind,
  action: string,
): Claim {
  return {
    time,
    eventId: record.eventId,
    sharedEventId: record.sharedEventId,
    kind,
    action,
    accountId: record.recipientAccountId,
    region: record.awsRegion,
    session: undefined,
    actsAs: undefined,
    expiresAt: undefined,
    expiresBasis: undefined,
    requester: requesterOf(record),
    source: sourceOf(record),
    sourceIdentity: record.userIdentity.sourceIdentity,
  };
}
