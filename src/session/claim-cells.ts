import { areEqualTerms, type Claim, type ClaimTerms } from './claim.ts';
import { CountedValues, NOTHING } from './counted-values.ts';
import { NO_ROW, RowCells } from './row-cells.ts';
import { hashOf } from './text-hash.ts';

/** Words of a claim's cell. */
const TIME = 8;
const EXPIRES_AT = 10;
const TERMS = 12;
const SESSION_ROW = 13;
const RETENTION = 14;
const KEY = 16;
const KEY_WORDS = 6;
const EVENT_ID = 22;
const EVENT_ID_WORDS = 10;
const SESSION = 32;
const SESSION_WORDS = 16;

/** Credentials are used in bursts. To keep those of all that are read would fill the heap with what is not read again. */
const MOST_AT_HAND = 4096;

/**
 * The claims on one credential as a cell. Nearly all have one claim, whose event's id and session are as AWS writes
 * them; others are kept as they are.
 */
export class ClaimCells {
  readonly cells = new RowCells({ words: SESSION + SESSION_WORDS, key: KEY, keyWords: KEY_WORDS });
  readonly #terms = new CountedValues<ClaimTerms>(hashOfTerms, areEqualTerms);
  readonly #others = new Map<number, readonly Claim[]>();
  /** The row that was last read of those that share a place, and what it said, once it was read a second time. */
  readonly #lastRead = new Int32Array(MOST_AT_HAND);
  readonly #atHand = new Array<readonly Claim[] | undefined>(MOST_AT_HAND).fill(undefined);

  /** Values that rows share, each counted once. */
  get shared(): number {
    return this.#terms.size;
  }

  /** Earliest first. */
  read(row: number): readonly Claim[] {
    const terms = this.cells.get(row, TERMS);
    if (terms === NOTHING) return this.#other(row);
    const place = row % MOST_AT_HAND;
    const isAgain = this.#lastRead[place] === row;
    const known = isAgain ? this.#atHand[place] : undefined;
    if (known !== undefined) return known;
    const claims = [this.#claim(row, this.#terms.at(terms))];
    this.#lastRead[place] = row;
    this.#atHand[place] = isAgain ? claims : undefined;
    return claims;
  }

  write(row: number, claims: readonly Claim[]): void {
    this.forget(row);
    const [claim] = claims;
    if (claim === undefined || claims.length > 1 || !this.#put(row, claim)) this.#others.set(row, claims);
    else this.cells.set(row, TERMS, this.#terms.hold(termsOf(claim)));
  }

  /** What a row said, before it says something else or goes. */
  forget(row: number): void {
    this.#terms.giveBack(this.cells.get(row, TERMS));
    this.cells.set(row, TERMS, NOTHING);
    this.#others.delete(row);
    if (this.#lastRead[row % MOST_AT_HAND] === row) this.#lastRead[row % MOST_AT_HAND] = NO_ROW;
  }

  /** The temporary key that the credential was asked for with. */
  parentKey(row: number): string | undefined {
    const terms = this.cells.get(row, TERMS);
    const claim = terms === NOTHING ? this.#other(row)[0] : this.#terms.at(terms);
    const key = claim?.requester.accessKeyId;
    return key?.startsWith('ASIA') === true ? key : undefined;
  }

  /** The row of the session that it was last used in. It may have gone since, and its number be another's. */
  sessionRow(row: number): number {
    return this.cells.get(row, SESSION_ROW);
  }

  setSessionRow(row: number, session: number): void {
    if (this.cells.get(row, SESSION_ROW) !== session) this.cells.set(row, SESSION_ROW, session);
  }

  /** Minutes that it is kept after its last use. */
  retention(row: number): number {
    return this.cells.get(row, RETENTION);
  }

  setRetention(row: number, minutes: number): void {
    this.cells.set(row, RETENTION, minutes);
  }

  #other(row: number): readonly Claim[] {
    return this.#others.get(row) as readonly Claim[];
  }

  #claim(row: number, terms: ClaimTerms): Claim {
    const { kind, action, accountId, region, actsAs, expiresBasis, requester, source, sourceIdentity } =
      terms;
    return {
      time: this.cells.time(row, TIME) as number,
      eventId: this.cells.text(row, EVENT_ID),
      sharedEventId: undefined,
      kind,
      action,
      accountId,
      region,
      session: this.cells.text(row, SESSION),
      actsAs,
      expiresAt: this.cells.time(row, EXPIRES_AT),
      expiresBasis,
      requester,
      source,
      sourceIdentity,
    };
  }

  #put(row: number, claim: Claim): boolean {
    if (claim.sharedEventId !== undefined) return false;
    this.cells.setTime(row, TIME, claim.time);
    this.cells.setTime(row, EXPIRES_AT, claim.expiresAt);
    return (
      this.cells.setText(row, EVENT_ID, EVENT_ID_WORDS, claim.eventId) &&
      this.cells.setText(row, SESSION, SESSION_WORDS, claim.session)
    );
  }
}

function termsOf(claim: Claim): ClaimTerms {
  const { kind, action, accountId, region, actsAs, expiresBasis, requester, source, sourceIdentity } = claim;
  return { kind, action, accountId, region, actsAs, expiresBasis, requester, source, sourceIdentity };
}

function hashOfTerms({ action, actsAs, region, requester, source }: ClaimTerms): number {
  const { accessKeyId, principalId, arn, invokedBy, createdAt } = requester;
  return hashOf(
    `${accessKeyId} ${principalId ?? arn} ${invokedBy} ${createdAt} ${source.address} ${action} ${actsAs} ${region}`,
  );
}
