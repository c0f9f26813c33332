import type { Claim } from './claim.ts';
import type { MemoryStore } from './memory-store.ts';
import { claimsKey, EARLIEST, keyOfKey, sessionRowKey } from './session-rows.ts';
import type { SessionExchange } from './session-store.ts';
import { textsOf } from './small-set.ts';

/** Requesters above a credential, as in the lineage that is told of it. */
const MOST_PARENTS = 8;
/** What an event says may be of any length. */
const LONGEST_ACCESS_KEY = 128;

/** The rows that learning an event may add to, as far as they are known by now, which is before it is learned. */
export function learnedKeys(exchange: SessionExchange, memory: MemoryStore): string[] {
  const { learnedTime = Number.POSITIVE_INFINITY, issuance, use } = exchange;
  const keys = learnedTime < memory.earliestLearned ? [EARLIEST] : [];
  if (issuance !== undefined) {
    keys.push(claimsKey(issuance.subject));
    if (issuance.claim.session !== undefined) keys.push(sessionRowKey(issuance.claim.session));
    addParents(keys, issuance.claim, memory);
  }
  if (use === undefined) return keys;
  const { session } = use;
  const isTooLong = use.accessKeyId !== undefined && use.accessKeyId.length > LONGEST_ACCESS_KEY;
  const accessKeyId = isTooLong ? undefined : use.accessKeyId;
  keys.push(sessionRowKey(session));
  if (accessKeyId !== undefined) keys.push(claimsKey(accessKeyId));
  const claims = accessKeyId === undefined ? undefined : memory.claims(accessKeyId);
  if (claims !== undefined) {
    addParents(keys, claims[0], memory);
    return keys;
  }
  if (accessKeyId !== undefined) keys.push(keyOfKey(accessKeyId));
  for (const issued of textsOf(memory.session(session)?.issued)) keys.push(claimsKey(issued));
  return keys;
}

/** Parents live as long as their children. */
function addParents(keys: string[], claim: Claim | undefined, memory: MemoryStore): void {
  let parent = claim?.requester.accessKeyId;
  for (let step = 0; step < MOST_PARENTS && parent?.startsWith('ASIA') === true; step++) {
    keys.push(claimsKey(parent));
    parent = memory.claims(parent)?.[0]?.requester.accessKeyId;
  }
}
