import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { type JsonObject, textAt } from '../event/json.ts';
import type { Claim, CredentialKind, Requester, Source } from './claim.ts';
import { arnAt, storedId, storedName } from './stored-text.ts';

/** The parts of a claim that any record gives: who asked, from where. */
export function requesterOf(record: CloudTrailRecord): Requester {
  const identity = record.userIdentity;
  return {
    type: storedId(identity.type),
    arn: storedName(identity.arn),
    principalId: storedName(identity.principalId),
    accountId: storedId(identity.accountId),
    accessKeyId: storedId(identity.accessKeyId),
    invokedBy: storedId(identity.invokedBy),
    createdAt: identity.sessionCreationDate,
    signInSessionArn: storedName(identity.signInSessionArn),
    ...scopeOf(identity.inScopeOf),
  };
}

const NO_SCOPE = { scopeType: undefined, scopeArn: undefined };

/** CloudTrail User Guide, "userIdentity element", `inScopeOf`: written by AWS for what its services handed out. */
export function scopeOf(scope: JsonObject | undefined): Pick<Requester, 'scopeType' | 'scopeArn'> {
  if (scope === undefined) return NO_SCOPE;
  return {
    scopeType: storedId(textAt(scope, 'issuerType')),
    scopeArn: storedName(arnAt(scope, 'credentialsIssuedTo') ?? arnAt(scope, 'sourceArn')),
  };
}

function sourceOf(record: CloudTrailRecord): Source {
  return {
    address: storedId(record.sourceIpAddress),
    userAgent: storedName(record.userAgent),
    vpcEndpointId: storedId(record.vpcEndpointId),
    vpcEndpointAccountId: storedId(record.vpcEndpointAccountId),
  };
}

/** What every claim on a credential has, whatever handed it out. */
export function plainClaim(
  record: CloudTrailRecord,
  time: number,
  kind: CredentialKind,
  action: string,
): Claim {
  return {
    time,
    eventId: storedId(record.eventId),
    sharedEventId: storedId(record.sharedEventId),
    kind,
    action: storedId(action),
    accountId: storedId(record.recipientAccountId),
    region: storedId(record.awsRegion),
    session: undefined,
    actsAs: undefined,
    expiresAt: undefined,
    expiresBasis: undefined,
    requester: requesterOf(record),
    source: sourceOf(record),
    sourceIdentity: storedName(record.userIdentity.sourceIdentity),
  };
}
