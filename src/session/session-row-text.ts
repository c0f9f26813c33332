import type { RowContent } from '../shared-rows/row-text.ts';
import type { Claim, CredentialKind, ExpiresBasis } from './claim.ts';
import { partsOfSessionKey } from './credential-key.ts';
import type { SnapshotRow, StoredRow } from './memory-rows.ts';
import { ownerOf, principalOf } from './row-owner.ts';
import type { SessionFacts, Sighting } from './session-facts.ts';
import { type SmallSet, textsOf } from './small-set.ts';

/** What the kinds of rows are called in the lines of snapshots: written since the first version, and so it stays. */
const TAGS = {
  claims: 'claims',
  session: 'session',
  makers: 'creator',
  sessionOfKey: 'key',
  earliest: 'earliest',
  evicted: 'evicted',
} as const satisfies Record<SnapshotRow['kind'], string>;

/** Rows as the bodies of row-text.ts. */
export function encodeRow(row: StoredRow): string {
  return JSON.stringify(fieldsOf(row));
}

/** A row as a snapshot holds it: what a body says, and what it is in the memory of this replica. */
export function lineOf(row: SnapshotRow): readonly unknown[] {
  const tag = TAGS[row.kind];
  switch (row.kind) {
    case 'claims':
    case 'session':
      return [tag, row.key, fieldsOf(row), row.keepUntil, row.owner, row.isProtected];
    case 'makers':
    case 'sessionOfKey':
      return [tag, row.key, fieldsOf(row)];
    case 'earliest':
      return [tag, Number.isFinite(row.time) ? row.time : null];
    case 'evicted':
      return [tag, row.key];
  }
}

/**
 * What is kept by key, as arrays by position, which take half the room of objects with names. A field that is added
 * comes last; one that changes its meaning raises the versions of bodies and of snapshots. Only what is listed here is
 * ever written.
 */
function fieldsOf(row: StoredRow): readonly unknown[] {
  switch (row.kind) {
    case 'claims':
    case 'makers':
      return row.claims.map(claimFields);
    case 'session':
      return factFields(row.facts);
    case 'sessionOfKey':
      return [row.session];
    case 'earliest':
      return [row.time];
  }
}

function claimFields(claim: Claim): unknown[] {
  const { requester, source } = claim;
  return [
    ...[claim.time, claim.eventId, claim.sharedEventId, claim.kind, claim.action, claim.accountId],
    ...[claim.region, claim.session, claim.actsAs, claim.expiresAt, claim.expiresBasis],
    [
      ...[requester.type, requester.arn, requester.principalId, requester.accountId],
      ...[requester.accessKeyId, requester.invokedBy, requester.createdAt, requester.signInSessionArn],
      ...[requester.scopeType, requester.scopeArn],
    ],
    [source.address, source.userAgent, source.vpcEndpointId, source.vpcEndpointAccountId],
    claim.sourceIdentity,
  ];
}

function factFields(facts: SessionFacts): unknown[] {
  const fields = [
    facts.firstSeen,
    facts.earliestPublic && sightingFields(facts.earliestPublic),
    facts.earliestPrivate && sightingFields(facts.earliestPrivate),
    textsOf(facts.addresses),
    (facts.isConsole ? CONSOLE : 0) | (facts.isWorkload ? WORKLOAD : 0),
    textsOf(facts.issued),
    textsOf(facts.pending),
    facts.pendingUnnamed,
    textsOf(facts.clients),
  ];
  // Most sessions have one family, and no row of theirs is longer for those that have two.
  if (facts.earliestOfOtherFamily !== undefined) fields.push(sightingFields(facts.earliestOfOtherFamily));
  return fields;
}

const CONSOLE = 1;
const WORKLOAD = 2;

function sightingFields(sighting: Sighting): unknown[] {
  const { time, eventId, address, client, vpcEndpointId, vpcEndpointAccountId } = sighting;
  return [time, eventId, address, client, vpcEndpointId, vpcEndpointAccountId];
}

/** Undefined for a body that is not of this shape. */
export function decodeRow(kind: StoredRow['kind'], key: string, content: RowContent): StoredRow | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(content.body);
  } catch {
    return undefined;
  }
  return rowOf(kind, key, fields, content);
}

/** The row of a snapshot's line; undefined where it is none, since a fault or a hand may change the file. */
export function rowOfLine(line: unknown): SnapshotRow | undefined {
  const [tag, key, fields, keepUntil, owner, isProtected] = list(line);
  if (tag === TAGS.earliest) return earliestOf(key);
  if (typeof key !== 'string') return undefined;
  const isKept = typeof keepUntil === 'number' && typeof owner === 'string';
  const keeping = isKept && typeof isProtected === 'boolean' ? { keepUntil, owner, isProtected } : undefined;
  switch (tag) {
    case TAGS.evicted:
      return { kind: 'evicted', key };
    case TAGS.makers:
      return rowOf('makers', key, fields, { keepUntil: 0 });
    case TAGS.sessionOfKey:
      return rowOf('sessionOfKey', key, fields, { keepUntil: 0 });
    case TAGS.claims:
      return keeping && rowOf('claims', key, fields, keeping);
    case TAGS.session:
      return keeping && rowOf('session', key, fields, keeping);
    default:
      return undefined;
  }
}

function earliestOf(time: unknown): StoredRow | undefined {
  if (time === null) return { kind: 'earliest', time: Number.POSITIVE_INFINITY };
  return typeof time === 'number' ? { kind: 'earliest', time } : undefined;
}

/** The rest is a matter of one replica, which a snapshot holds. */
interface Kept {
  readonly keepUntil: number;
  readonly owner?: string;
  readonly isProtected?: boolean;
}

function rowOf(kind: StoredRow['kind'], key: string, fields: unknown, kept: Kept): StoredRow | undefined {
  if (!Array.isArray(fields)) return undefined;
  const { keepUntil, owner, isProtected = false } = kept;
  const first: unknown = fields[0];
  switch (kind) {
    case 'earliest':
      return typeof first === 'number' ? { kind, time: first } : undefined;
    case 'sessionOfKey':
      return typeof first === 'string' ? { kind, key, session: first } : undefined;
    case 'session': {
      const counted = owner ?? ownerOfSession(key);
      return { kind, key, owner: counted, keepUntil, isProtected, facts: factsOf(fields) };
    }
    case 'makers': {
      const claims = claimsOf(fields);
      return claims.length > 0 ? { kind, key, claims } : undefined;
    }
    case 'claims': {
      const claims = claimsOf(fields);
      if (claims[0] === undefined) return undefined;
      return { kind, key, owner: owner ?? ownerOf(claims[0]), keepUntil, isProtected, claims };
    }
  }
}

function claimsOf(fields: readonly unknown[]): readonly Claim[] {
  return fields.map(claimOf).filter((claim) => claim !== undefined);
}

/** Who a row counts for is a matter of one replica's memory, and depends on what it saw first: it is not shared. */
function ownerOfSession(key: string): string {
  return principalOf(partsOfSessionKey(key)?.principalId ?? key, undefined, undefined);
}

function claimOf(value: unknown): Claim | undefined {
  const [time, eventId, sharedEventId, kind, action, accountId, ...rest] = list(value);
  const [region, session, actsAs, expiresAt, expiresBasis, requester, source, sourceIdentity] = rest;
  const [type, arn, principalId, requesterAccount, accessKeyId, ...others] = list(requester);
  const [invokedBy, createdAt, signIn, scopeType, scopeArn] = others;
  const [address, userAgent, vpcEndpointId, vpcEndpointAccountId] = list(source);
  if (typeof time !== 'number' || typeof kind !== 'string' || typeof action !== 'string') return undefined;
  return {
    time,
    eventId: text(eventId),
    sharedEventId: text(sharedEventId),
    // A kind that only a newer replica knows is handed on as it is: changed, it would come back as another claim.
    kind: kind as CredentialKind,
    action,
    accountId: text(accountId),
    region: text(region),
    session: text(session),
    actsAs: text(actsAs),
    expiresAt: number(expiresAt),
    expiresBasis: text(expiresBasis) as ExpiresBasis | undefined,
    requester: {
      type: text(type),
      arn: text(arn),
      principalId: text(principalId),
      accountId: text(requesterAccount),
      accessKeyId: text(accessKeyId),
      invokedBy: text(invokedBy),
      createdAt: number(createdAt),
      signInSessionArn: text(signIn),
      scopeType: text(scopeType),
      scopeArn: text(scopeArn),
    },
    source: {
      address: text(address),
      userAgent: text(userAgent),
      vpcEndpointId: text(vpcEndpointId),
      vpcEndpointAccountId: text(vpcEndpointAccountId),
    },
    sourceIdentity: text(sourceIdentity),
  };
}

function factsOf(fields: readonly unknown[]): SessionFacts {
  const [firstSeen, earliestPublic, earliestPrivate, addresses, flags, ...rest] = fields;
  const [issued, pending, unnamed, clients, earliestOfOtherFamily] = rest;
  const bits = number(flags) ?? 0;
  return {
    firstSeen: number(firstSeen),
    earliestPublic: sightingOf(earliestPublic, false),
    earliestPrivate: sightingOf(earliestPrivate, true),
    earliestOfOtherFamily: sightingOf(earliestOfOtherFamily, false),
    addresses: setOf(addresses),
    clients: setOf(clients),
    isConsole: (bits & CONSOLE) !== 0,
    isWorkload: (bits & WORKLOAD) !== 0,
    issued: setOf(issued),
    pending: setOf(pending),
    pendingUnnamed: number(unnamed) ?? 0,
  };
}

function sightingOf(value: unknown, isPrivate: boolean): Sighting | undefined {
  const [time, eventId, address, client, vpcEndpointId, vpcEndpointAccountId] = list(value);
  if (typeof time !== 'number' || typeof address !== 'string') return undefined;
  return {
    time,
    eventId: text(eventId),
    address,
    isPrivate,
    client: text(client),
    vpcEndpointId: text(vpcEndpointId),
    vpcEndpointAccountId: text(vpcEndpointAccountId),
  };
}

function setOf(value: unknown): SmallSet {
  const texts = list(value).filter((one) => typeof one === 'string');
  return texts.length > 1 ? texts : texts[0];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** JSON writes an undefined in an array as null. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
