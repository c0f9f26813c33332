import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { Claim } from './claim.ts';
import { isConsole } from './console-use.ts';
import { type CredentialRef, isTemporary } from './credential-key.ts';
import {
  describedOrigin,
  instanceIdOf,
  instanceOrigin,
  onBehalfOrigin,
  ownOrigin,
  scopeOrigin,
} from './describe-origin.ts';
import { type FoundIssuance, findIssuance, type Lineage, lineageOf } from './lineage.ts';
import { EXPIRY_TOLERANCE, type Origin } from './origin.ts';
import type { SessionFacts } from './session-facts.ts';
import type { SessionView } from './session-store.ts';
import { storedId, storedName } from './stored-text.ts';
import { unseenOrigin } from './unseen-origin.ts';

/** What an event's own words and the session's memory say; the cascade is in docs/session-origin.md. */
export function resolveOrigin(
  record: CloudTrailRecord,
  credential: CredentialRef,
  row: SessionFacts | undefined,
  view: SessionView,
): Origin {
  // J1-J3, J7. An issuance was seen.
  const own = findIssuance(view, credential, credential.login);
  if (own !== undefined) return foundOrigin(record, own, row, view);
  const identity = record.userIdentity;
  // J4. EC2 and Lambda put into the event what the credentials were delivered to.
  if (identity.inScopeOf !== undefined) return describedOrigin(record, row, scopeOrigin(record));
  // J5. EC2 names the session after the instance; ec2RoleDelivery is written only for keys from the metadata service.
  const instance = instanceIdOf(identity.principalId);
  if (identity.ec2RoleDelivery !== undefined || (instance !== undefined && isTemporary(identity))) {
    return describedOrigin(record, row, instanceOrigin(record, instance));
  }
  // J6. Trusted identity propagation: the event names the Identity Center user that the caller acts for.
  if (identity.onBehalfOfUserId !== undefined) {
    const origin = describedOrigin(record, row, onBehalfOrigin(record));
    // The access portal's own calls are made with its token.
    return isTemporary(identity) ? origin : { ...origin, credential: undefined };
  }
  if (!isTemporary(identity)) return ownOrigin(record);
  // J8. Source identity cannot be changed once set, along any chain of roles.
  if (identity.sourceIdentity !== undefined) {
    return describedOrigin(record, row, {
      status: 'self_described',
      join: 'source_identity',
      confidence: 'high',
    });
  }
  return unseenOrigin(record, credential, row, view);
}

function foundOrigin(
  record: CloudTrailRecord,
  own: FoundIssuance,
  row: SessionFacts | undefined,
  view: SessionView,
): Origin {
  const identity = record.userIdentity;
  const origin = originOfIssuance(
    own,
    view,
    storedId(identity.accessKeyId),
    isConsole(record, row),
    record.eventTime,
  );
  return identity.sourceIdentity === undefined
    ? origin
    : { ...origin, sourceIdentity: storedName(identity.sourceIdentity) };
}

/** The origin of a credential of which the issuance was seen; `time` is that of its use, where it is about one. */
export function originOfIssuance(
  own: FoundIssuance,
  view: SessionView,
  accessKeyId: string | undefined,
  fromConsole: boolean,
  time: number | undefined,
): Origin {
  const lineage = lineageOf(view, own);
  const { claim } = own;
  return {
    status: 'found',
    join: own.join,
    confidence: lineage.conflict ? 'low' : own.isAmbiguous ? 'medium' : 'high',
    reason: undefined,
    credential: {
      kind: claim.kind,
      accessKeyId,
      issuedAt: claim.time,
      expiresAt: claim.expiresAt,
      expiresBasis: claim.expiresBasis,
      ageSeconds: time === undefined ? undefined : Math.round((time - claim.time) / 1000),
      fromConsole: fromConsole || own.join === 'signin_session',
    },
    lineage,
    described: undefined,
    sourceIdentity: sourceIdentityOf(lineage),
    late: time !== undefined && isLate(claim, time),
  };
}

function isLate(claim: Claim, time: number): boolean {
  return (
    claim.expiresAt !== undefined && time > claim.expiresAt && time <= claim.expiresAt + EXPIRY_TOLERANCE
  );
}

function sourceIdentityOf(lineage: Lineage): string | undefined {
  for (const { claim } of lineage.steps) if (claim.sourceIdentity !== undefined) return claim.sourceIdentity;
  return undefined;
}
