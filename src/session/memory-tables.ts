import { LRUCache } from 'lru-cache';
import { withClaim, withLatestClaim } from './agreed-claim.ts';
import type { Claim } from './claim.ts';
import { isLoginSubject, isLongTermKey } from './credential-key.ts';
import { EvictionMemory } from './eviction-memory.ts';
import type { ClaimRow, SessionRow } from './memory-rows.ts';
import { SegmentedRows } from './segmented-rows.ts';
import { sizeOf } from './small-set.ts';
import { ValuePool } from './value-pool.ts';

const MINUTE = 60_000;
/** A session may name a hundred pending uses, but where issuances are not logged at all every session would. */
const PENDING_A_SESSION = 4;

export type ForgottenKind = 'claims' | 'session';

/** The rows of one process, all of them bounded: what is kept, and not what is made of it. */
export class MemoryTables {
  readonly claims: SegmentedRows<ClaimRow>;
  readonly sessions: SegmentedRows<SessionRow>;
  /** Makers of long-term keys and of passwords: these do not expire. */
  readonly makers: LRUCache<string, readonly Claim[]>;
  /** Where a key was seen that has no claims, or not where these say: the session knows more of it. */
  readonly sessionOfKey: LRUCache<string, string>;
  readonly evicted = new EvictionMemory();
  readonly pool = new ValuePool();
  /** Told of each row of claims and of sessions that is forgotten. */
  onForget: ((kind: ForgottenKind, key: string) => void) | undefined;
  evictions = 0;
  earliestLearned = Number.POSITIVE_INFINITY;
  /** Of the service's clock, since the epoch. */
  minute = 0;
  /** Names of pending uses, in all rows. */
  pending = 0;
  readonly #mostPending: number;

  /** @param most credentials, and as many sessions */
  constructor(most: number) {
    this.#mostPending = most * PENDING_A_SESSION;
    this.claims = new SegmentedRows({
      most,
      onLeave: (row, isEvicted) => this.#left('claims', row.key, isEvicted),
    });
    this.sessions = new SegmentedRows({
      most,
      onLeave: (row, isEvicted) => {
        this.pending -= sizeOf(row.pending);
        this.#left('session', row.key, isEvicted);
      },
    });
    this.makers = new LRUCache({
      max: most,
      dispose: (_claims, key, reason) => reason === 'evict' && this.#left('claims', key, true),
    });
    this.sessionOfKey = new LRUCache({ max: most });
  }

  get mayNamePending(): boolean {
    return this.pending < this.#mostPending;
  }

  passTo(now: number): void {
    this.minute = Math.floor(now / MINUTE);
  }

  claimsOn(subject: string): readonly Claim[] | undefined {
    // Among a million others a look-up in vain costs as much as one that finds something.
    if (isLongTermKey(subject)) return this.makers.get(subject);
    return this.claims.get(subject, this.minute)?.all ?? this.makers.get(subject);
  }

  addMakers(subject: string, claims: readonly Claim[]): void {
    const merge = isLoginSubject(subject) ? withLatestClaim : withClaim;
    this.makers.set(subject, claims.reduce(merge, this.makers.get(subject) ?? []));
  }

  /** Of several sessions the smallest, so that the order of delivery leaves no trace. False where it was known. */
  noteKey(accessKeyId: string, session: string): boolean {
    const known = this.sessionOfKey.get(accessKeyId);
    if (known !== undefined && known <= session) return false;
    this.sessionOfKey.set(accessKeyId, session);
    return true;
  }

  #left(kind: ForgottenKind, key: string, isEvicted: boolean): void {
    this.onForget?.(kind, key);
    if (!isEvicted) return;
    this.evictions++;
    this.evicted.add(key);
  }
}
