import { withClaim } from './agreed-claim.ts';
import type { Claim } from './claim.ts';
import { retentionMinutes } from './retention.ts';
import { KeptRow } from './row-list.ts';
import type { SessionFacts, Sighting } from './session-facts.ts';
import type { SmallSet } from './small-set.ts';
import type { ValuePool } from './value-pool.ts';
import { secondsOf, timeOf } from './whole-seconds.ts';

/** What a row is in the memory of one replica. */
interface Keeping {
  readonly owner: string;
  /** Service clock, minutes since the epoch. */
  readonly keepUntil: number;
  readonly isProtected: boolean;
}

interface StoredClaims extends Keeping {
  readonly kind: 'claims';
  readonly key: string;
  readonly claims: readonly Claim[];
}

interface StoredSession extends Keeping {
  readonly kind: 'session';
  readonly key: string;
  readonly facts: SessionFacts;
}

/** What the store gives away of a row, and other replicas are given. session-row-text.ts writes it down. */
export type StoredRow =
  | StoredClaims
  | StoredSession
  /** Who made a long-term key or a password. */
  | { readonly kind: 'makers'; readonly key: string; readonly claims: readonly Claim[] }
  | { readonly kind: 'sessionOfKey'; readonly key: string; readonly session: string }
  /** The smallest eventTime learned, milliseconds since the epoch; Infinity where none was. */
  | { readonly kind: 'earliest'; readonly time: number };

/** What a snapshot holds besides: what had to make room in this replica's memory. */
export type SnapshotRow = StoredRow | { readonly kind: 'evicted'; readonly key: string };

/** The claims on one credential: most have one, which then needs no array. */
export class ClaimRow extends KeptRow {
  claims: Claim | readonly Claim[];
  /** Minutes that it is kept after its last use. */
  readonly retention: number;
  /** The session that it was last used in. */
  session: SessionRow | undefined = undefined;

  constructor(
    key: string,
    owner: string,
    keepUntil: number,
    retention: number,
    claims: Claim | readonly Claim[],
  ) {
    super(key, owner, keepUntil);
    this.retention = retention;
    this.claims = claims;
    // A sign-in has no key that could be seen in use.
    this.isProtected = this.first?.kind === 'console_session';
  }

  static restored(stored: StoredClaims, pool: ValuePool): ClaimRow {
    const { key, owner, keepUntil, isProtected, claims } = stored;
    const pooled = claims.map((claim) => pool.claim(claim));
    const [first] = pooled;
    const one = first !== undefined && pooled.length === 1 ? first : pooled;
    const retention = first === undefined ? 0 : retentionMinutes(first);
    const row = new ClaimRow(key, pool.text(owner), keepUntil, retention, one);
    row.isProtected ||= isProtected;
    return row;
  }

  stored(): StoredClaims {
    const { key, owner, keepUntil, isProtected, all } = this;
    return { kind: 'claims', key, owner, keepUntil, isProtected, claims: all };
  }

  get first(): Claim | undefined {
    return isOne(this.claims) ? this.claims : this.claims[0];
  }

  /** Whether the key was issued for this session. */
  isFor(session: string): boolean {
    return isOne(this.claims)
      ? this.claims.session === session
      : this.claims.some((claim) => claim.session === session);
  }

  /** The union with what is known already. */
  add(claims: readonly Claim[], keepUntil: number): void {
    const before = this.all;
    const after = claims.reduce(withClaim, before);
    if (after !== before) this.claims = after;
    this.prolong(keepUntil);
  }

  get all(): readonly Claim[] {
    return isOne(this.claims) ? [this.claims] : this.claims;
  }
}

function isOne(claims: Claim | readonly Claim[]): claims is Claim {
  return !Array.isArray(claims);
}

/** Of the million sessions few are used over both families: the others have no room for the second. */
class BothFamilies {
  readonly first: Sighting | undefined;
  readonly other: Sighting;

  constructor(first: Sighting | undefined, other: Sighting) {
    this.first = first;
    this.other = other;
  }
}

export class SessionRow extends KeptRow implements SessionFacts {
  #firstSeenSeconds: number | undefined = undefined;
  #publicUses: Sighting | BothFamilies | undefined = undefined;
  earliestPrivate: Sighting | undefined = undefined;
  addresses: SmallSet = undefined;
  clients: SmallSet = undefined;
  isConsole = false;
  isWorkload = false;
  issued: SmallSet = undefined;
  pending: SmallSet = undefined;
  pendingUnnamed = 0;

  get firstSeen(): number | undefined {
    return timeOf(this.#firstSeenSeconds);
  }

  set firstSeen(time: number | undefined) {
    this.#firstSeenSeconds = secondsOf(time);
  }

  /** The very same for as long as both of the two below are. */
  get publicUses(): unknown {
    return this.#publicUses;
  }

  get earliestPublic(): Sighting | undefined {
    const uses = this.#publicUses;
    return uses instanceof BothFamilies ? uses.first : uses;
  }

  set earliestPublic(first: Sighting | undefined) {
    const other = this.earliestOfOtherFamily;
    this.#publicUses = other === undefined ? first : new BothFamilies(first, other);
  }

  get earliestOfOtherFamily(): Sighting | undefined {
    const uses = this.#publicUses;
    return uses instanceof BothFamilies ? uses.other : undefined;
  }

  set earliestOfOtherFamily(other: Sighting | undefined) {
    const first = this.earliestPublic;
    this.#publicUses = other === undefined ? first : new BothFamilies(first, other);
  }

  static restored(stored: StoredSession, pool: ValuePool): SessionRow {
    const { key, owner, keepUntil, isProtected, facts } = stored;
    const row = Object.assign(new SessionRow(key, pool.text(owner), keepUntil), facts);
    row.earliestPublic = facts.earliestPublic && pool.sighting(facts.earliestPublic);
    row.earliestPrivate = facts.earliestPrivate && pool.sighting(facts.earliestPrivate);
    row.earliestOfOtherFamily = facts.earliestOfOtherFamily && pool.sighting(facts.earliestOfOtherFamily);
    row.addresses = pool.texts(facts.addresses);
    row.clients = pool.texts(facts.clients);
    row.isProtected = isProtected;
    return row;
  }

  stored(): StoredSession {
    const { key, owner, keepUntil, isProtected } = this;
    const { firstSeen, earliestPublic, earliestPrivate, addresses, isConsole, isWorkload } = this;
    const { clients, issued, pending, pendingUnnamed, earliestOfOtherFamily } = this;
    const earliest = { earliestPublic, earliestPrivate, earliestOfOtherFamily };
    const seen = { firstSeen, ...earliest, addresses, isConsole, isWorkload };
    const facts: SessionFacts = { ...seen, clients, issued, pending, pendingUnnamed };
    return { kind: 'session', key, owner, keepUntil, isProtected, facts };
  }
}
