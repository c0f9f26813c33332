import type { Claim, Requester, Source } from './claim.ts';
import { secondsOf, timeOf } from './whole-seconds.ts';

/** What the claims on many credentials have in common: of one role, in one region. */
export type ClaimTerms = Pick<
  Claim,
  'kind' | 'action' | 'accountId' | 'region' | 'actsAs' | 'expiresBasis' | 'sourceIdentity'
>;

/**
 * A claim as it is kept by the million: its own few fields, and whatever it shares with others once for all of them.
 */
export class KeptClaim implements Claim {
  readonly eventId: string | undefined;
  readonly sharedEventId: string | undefined;
  readonly session: string | undefined;
  readonly requester: Requester;
  readonly source: Source;
  readonly terms: ClaimTerms;
  readonly #seconds: number;
  readonly #expirySeconds: number | undefined;

  /** @param terms, requester, source equal to those of `claim`, and shared with other claims */
  constructor(claim: Claim, terms: ClaimTerms, requester: Requester, source: Source) {
    this.eventId = claim.eventId;
    this.sharedEventId = claim.sharedEventId;
    this.session = claim.session;
    this.requester = requester;
    this.source = source;
    this.terms = terms;
    this.#seconds = secondsOf(claim.time);
    this.#expirySeconds = secondsOf(claim.expiresAt);
  }

  get time(): number {
    return timeOf(this.#seconds);
  }

  get expiresAt(): number | undefined {
    return timeOf(this.#expirySeconds);
  }

  get kind(): Claim['kind'] {
    return this.terms.kind;
  }

  get action(): string {
    return this.terms.action;
  }

  get accountId(): string | undefined {
    return this.terms.accountId;
  }

  get region(): string | undefined {
    return this.terms.region;
  }

  get actsAs(): string | undefined {
    return this.terms.actsAs;
  }

  get expiresBasis(): Claim['expiresBasis'] {
    return this.terms.expiresBasis;
  }

  get sourceIdentity(): string | undefined {
    return this.terms.sourceIdentity;
  }
}
