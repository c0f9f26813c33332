import { type Claim, type Issuance, withClaim } from './claim.ts';
import { ClaimCells } from './claim-cells.ts';
import { retentionMinutes } from './retention.ts';
import { NO_ROW } from './row-cells.ts';
import { SegmentedRows } from './segmented-rows.ts';
import type { StoredClaims } from './stored-row.ts';
import { principalOf } from './use.ts';
import type { ValuePool } from './value-pool.ts';

const MOST_PARENTS = 8;

/** The claims on temporary credentials. Rows are numbers, which hold until something is learned that takes their room. */
export class ClaimMemory {
  readonly #cells = new ClaimCells();
  readonly #rows: SegmentedRows;
  readonly #pool: ValuePool;

  constructor(most: number, pool: ValuePool, onLeave: (subject: string, isEvicted: boolean) => void) {
    this.#pool = pool;
    this.#rows = new SegmentedRows(this.#cells.cells, {
      most,
      onLeave: (row, isEvicted) => {
        onLeave(this.#cells.cells.key(row), isEvicted);
        this.#cells.forget(row);
      },
    });
  }

  get size(): number {
    return this.#rows.size;
  }

  /** `NO_ROW` where nothing is known. */
  find(subject: string, minute: number): number {
    return this.#rows.get(subject, minute);
  }

  /** Earliest first. */
  read(row: number): readonly Claim[] {
    return this.#cells.read(row);
  }

  /** Who asked for the credential. */
  owner(row: number): string {
    return this.#rows.owner(row);
  }

  /** The row of the session that it was last used in. It may have gone since, and its number be another's. */
  sessionRow(row: number): number {
    return this.#cells.sessionRow(row);
  }

  learn({ subject, claim }: Issuance, minute: number): number {
    const retention = retentionMinutes(claim);
    let row = this.find(subject, minute);
    if (row === NO_ROW) {
      row = this.#rows.add(subject, ownerOf(claim), minute + retention, minute);
      this.#cells.setRetention(row, retention);
      this.#cells.write(row, [this.#pool.claim(claim)]);
    } else {
      this.#addClaim(row, claim);
      this.#rows.keep(row, minute + retention);
    }
    this.#keepParents(row, minute);
    return row;
  }

  /** @param session the row of the session that it is used in */
  learnUse(row: number, session: number, minute: number): void {
    this.#cells.setSessionRow(row, session);
    this.used(row, minute);
  }

  /** It was used itself, or its session was by another key. */
  used(row: number, minute: number): void {
    this.#rows.keep(row, minute + this.#cells.retention(row));
    this.#rows.promote(row);
    this.#keepParents(row, minute);
  }

  /** It was used before it was known. */
  promote(row: number): void {
    this.#rows.promote(row);
  }

  restore([, subject, owner, keepUntil, isProtected, claims]: StoredClaims, minute: number): void {
    const known = this.find(subject, minute);
    if (known !== NO_ROW) {
      for (const claim of claims) this.#addClaim(known, claim);
      this.#rows.keep(known, keepUntil);
      return;
    }
    const row = this.#rows.add(subject, owner, keepUntil, minute, isProtected);
    const [first] = claims;
    this.#cells.setRetention(row, first === undefined ? 0 : retentionMinutes(first));
    this.#cells.write(
      row,
      claims.map((claim) => this.#pool.claim(claim)),
    );
  }

  stored(subject: string): StoredClaims | undefined {
    const row = this.#rows.peek(subject);
    return row === NO_ROW ? undefined : this.#stored(row);
  }

  /** Rows may go and others come while it runs. */
  *dump(): Generator<StoredClaims> {
    for (const row of this.#rows.rows()) if (this.#rows.isHeld(row)) yield this.#stored(row);
  }

  #stored(row: number): StoredClaims {
    const [rows, key] = [this.#rows, this.#cells.cells.key(row)];
    return ['claims', key, rows.owner(row), rows.keepUntil(row), rows.isProtected(row), this.read(row)];
  }

  #addClaim(row: number, claim: Claim): void {
    const before = this.read(row);
    const after = withClaim(before, this.#pool.claim(claim));
    if (after !== before) this.#cells.write(row, after);
  }

  /** A chain that loses its upper end tells nothing: parents live as long as their children. */
  #keepParents(child: number, minute: number): void {
    const keepUntil = this.#rows.keepUntil(child);
    let row = child;
    for (let step = 0; step < MOST_PARENTS; step++) {
      const parentKey = this.#cells.parentKey(row);
      if (parentKey === undefined) return;
      row = this.find(parentKey, minute);
      if (row === NO_ROW || this.#rows.keepUntil(row) >= keepUntil) return;
      this.#rows.keep(row, keepUntil);
    }
  }
}

/** Who a row counts for. */
export function ownerOf(claim: Claim): string {
  const { invokedBy, principalId, arn, accountId } = claim.requester;
  return invokedBy ?? principalOf(principalId, arn, accountId);
}
