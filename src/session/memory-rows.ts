import { withClaim } from './agreed-claim.ts';
import type { Claim } from './claim.ts';
import { retentionMinutes } from './retention.ts';
import { KeptRow } from './row-list.ts';
import type { SessionFacts, Sighting } from './session-facts.ts';
import type { SmallSet } from './small-set.ts';
import type { ValuePool } from './value-pool.ts';
import { secondsOf, timeOf } from './whole-seconds.ts';

/**
 * What the store gives away of a row: what it is, its key, and what is kept of it. Times are minutes of the service's
 * clock. session-row-text.ts writes it down.
 */
export type StoredRow =
  | readonly ['earliest', number | null]
  | readonly ['claims', string, owner: string, keepUntil: number, isProtected: boolean, readonly Claim[]]
  | readonly ['session', string, owner: string, keepUntil: number, isProtected: boolean, SessionFacts]
  | readonly ['creator', string, readonly Claim[]]
  | readonly ['key', string, session: string]
  | readonly ['evicted', string];

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

  static restored(
    [, key, owner, keepUntil, isProtected, claims]: StoredRow & { 0: 'claims' },
    pool: ValuePool,
  ): ClaimRow {
    const pooled = claims.map((claim) => pool.claim(claim));
    const [first] = pooled;
    const one = first !== undefined && pooled.length === 1 ? first : pooled;
    const retention = first === undefined ? 0 : retentionMinutes(first);
    const row = new ClaimRow(key, pool.text(owner), keepUntil, retention, one);
    row.isProtected ||= isProtected;
    return row;
  }

  stored(): StoredRow {
    return ['claims', this.key, this.owner, this.keepUntil, this.isProtected, this.all];
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

  set firstSeen(time: number | undefined) {
    this.#firstSeenSeconds = secondsOf(time);
  }

  static restored(
    [, key, owner, keepUntil, isProtected, facts]: StoredRow & { 0: 'session' },
    pool: ValuePool,
  ): SessionRow {
    const row = Object.assign(new SessionRow(key, pool.text(owner), keepUntil), facts);
    row.earliestPublic = facts.earliestPublic && pool.sighting(facts.earliestPublic);
    row.earliestPrivate = facts.earliestPrivate && pool.sighting(facts.earliestPrivate);
    row.earliestOfOtherFamily = facts.earliestOfOtherFamily && pool.sighting(facts.earliestOfOtherFamily);
    row.addresses = pool.texts(facts.addresses);
    row.clients = pool.texts(facts.clients);
    row.isProtected = isProtected;
    return row;
  }

  stored(): StoredRow {
    const { firstSeen, earliestPublic, earliestPrivate, addresses, isConsole, isWorkload } = this;
    const { clients, issued, pending, pendingUnnamed, earliestOfOtherFamily } = this;
    const earliest = { earliestPublic, earliestPrivate, earliestOfOtherFamily };
    const seen = { firstSeen, ...earliest, addresses, isConsole, isWorkload };
    const facts: SessionFacts = { ...seen, clients, issued, pending, pendingUnnamed };
    return ['session', this.key, this.owner, this.keepUntil, this.isProtected, facts];
  }
}
