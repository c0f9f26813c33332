import type { Claim, Requester } from './claim.ts';
import { compareClaims } from './compare-claims.ts';
import { KeptClaim } from './kept-claim.ts';
import { isServiceAddress, parseIp } from './source-address.ts';

/** More than the two that AWS writes for one cross-account issuance; beyond four the latest are dropped. */
const MOST_CLAIMS = 4;

/**
 * The union of the claims on one credential, of which the earliest four are kept. A union of sets is commutative,
 * associative and idempotent, and so is taking its smallest members: the order of arrival leaves no trace.
 */
export function withClaim(claims: readonly Claim[], added: Claim): readonly Claim[] {
  const all = union(claims, added);
  if (all.length <= MOST_CLAIMS) return all;
  return all.at(-1) === added ? claims : all.slice(0, MOST_CLAIMS);
}

/**
 * The same for a password, which is set anew again and again: the latest four are kept. What is dropped is older than
 * each of them, so of the sign-ins that are still told of none was with it.
 */
export function withLatestClaim(claims: readonly Claim[], added: Claim): readonly Claim[] {
  const all = union(claims, added);
  if (all.length <= MOST_CLAIMS) return all;
  return all[0] === added ? claims : all.slice(-MOST_CLAIMS);
}

/** Earliest first; the very list where the claim is in it. */
function union(claims: readonly Claim[], added: Claim): readonly Claim[] {
  const at = claims.findIndex((claim) => compareClaims(added, claim) <= 0);
  if (at === -1) return [...claims, added];
  const there = claims[at];
  if (there !== undefined && compareClaims(added, there) === 0) return claims;
  return [...claims.slice(0, at), added, ...claims.slice(at)];
}

/** Of claims that follow one another, the last that is not after `time`. */
export function latestClaim(claims: readonly Claim[], time: number): Claim | undefined {
  return claims.findLast((claim) => claim.time <= time);
}

/** What the claims on one credential amount to. */
export interface AgreedClaim {
  readonly claim: Claim;
  readonly conflict: boolean;
}

/**
 * The earliest claim decides. An AssumeRole across accounts is recorded twice, once in each account: the role
 * owner's record knows the caller only by account and principal id, so the record with the richer requester speaks
 * for both. An identity pool's is recorded by the pool, with the address that asked, and by STS, which the pool asked:
 * the address is that of the one who was there. Requesters that cannot be the same are a conflict, whoever else agrees
 * with each of them.
 */
export function agreedClaim(claims: readonly Claim[]): AgreedClaim | undefined {
  const first = claims[0];
  if (first === undefined) return undefined;
  let richest = first;
  let conflict = false;
  for (let i = 1; i < claims.length; i++) {
    const other = claims[i] as Claim;
    if (!isCompatibleWithEarlier(claims, i)) conflict = true;
    else if (richness(other.requester) > richness(richest.requester)) richest = other;
  }
  return { claim: conflict ? richest : withAddress(richest, claims), conflict };
}

/** Claims whose source another one tells, by the claim: what is told of a claim is kept by the claim itself. */
const withSource = new WeakMap<Claim, Claim>();

function withAddress(claim: Claim, claims: readonly Claim[]): Claim {
  if (claims.length === 1 || !isServiceAddress(claim.source.address)) return claim;
  const there = claims.find(({ source }) => parseIp(source.address) !== undefined);
  if (there === undefined) return claim;
  const known = withSource.get(claim);
  if (known?.source === there.source) return known;
  const { kind, action, accountId, region, actsAs, expiresBasis, sourceIdentity } = claim;
  const terms = { kind, action, accountId, region, actsAs, expiresBasis, sourceIdentity };
  const told = new KeptClaim(claim, terms, claim.requester, there.source);
  withSource.set(claim, told);
  return told;
}

/**
 * Of a sign-in the earliest claim speaks, however much a later one says: whoever refreshes a token did not sign in.
 * @param announcing an action that hands out nothing yet, and speaks where there is no other
 */
export function earliestClaim(claims: readonly Claim[], announcing: string): AgreedClaim | undefined {
  const agreed = agreedClaim(claims);
  if (agreed === undefined) return undefined;
  const claim = claims.find(({ action }) => action !== announcing) ?? claims[0] ?? agreed.claim;
  return { claim, conflict: agreed.conflict };
}

function isCompatibleWithEarlier(claims: readonly Claim[], at: number): boolean {
  for (let i = 0; i < at; i++) if (!areCompatible(claims[i] as Claim, claims[at] as Claim)) return false;
  return true;
}

function areCompatible(a: Claim, b: Claim): boolean {
  if (a.sharedEventId !== undefined && a.sharedEventId === b.sharedEventId) return true;
  const x = a.requester;
  const y = b.requester;
  return (
    agree(x.accountId, y.accountId) &&
    agree(x.arn, y.arn) &&
    agree(x.principalId, y.principalId) &&
    agree(x.accessKeyId, y.accessKeyId) &&
    agree(x.invokedBy, y.invokedBy) &&
    (x.type === y.type || isUntold(x.type) || isUntold(y.type))
  );
}

/** The role owner's record of a caller elsewhere, and that of a caller who shows no credential of AWS's. */
function isUntold(type: string | undefined): boolean {
  return type === 'AWSAccount' || type === 'Unknown';
}

function agree(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function richness(requester: Requester): number {
  return (
    (requester.type !== undefined && !isUntold(requester.type) ? 8 : 0) +
    (requester.arn !== undefined ? 4 : 0) +
    (requester.accessKeyId !== undefined ? 2 : 0) +
    (requester.principalId !== undefined ? 1 : 0)
  );
}
