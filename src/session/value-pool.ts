import { Generations } from '../generations.ts';
import type { Claim, Requester, Source } from './claim.ts';
import { compareRequesters, compareSources, compareTerms, compareText } from './compare-claims.ts';
import { type ClaimTerms, KeptClaim } from './kept-claim.ts';
import { KeptSighting } from './kept-sighting.ts';
import type { Sighting } from './session-facts.ts';
import type { SmallSet } from './small-set.ts';
import { ownCopy } from './stored-text.ts';

/** Of each of the two generations. */
const GENERATION = 20_000;

/** Equal values become one; the older half is forgotten when the younger is full, so that it stays bounded. */
class Pool<Value> {
  /** Zero where both are equal. */
  readonly #compare: (a: Value, b: Value) => number;
  readonly #kept: (value: Value) => Value;
  readonly #pooled = new Generations<string, Value>(GENERATION);

  /** @param kept what is to be pooled of a value that is the first of its kind */
  constructor(compare: (a: Value, b: Value) => number, kept: (value: Value) => Value = (value) => value) {
    this.#compare = compare;
    this.#kept = kept;
  }

  /** @param key the same for equal values, and seldom for others: of these the latest is pooled */
  of(key: string, value: Value): Value {
    const young = this.#pooled.young(key);
    if (young !== undefined && this.#compare(young, value) === 0) return young;
    const old = this.#pooled.old(key);
    const pooled = old !== undefined && this.#compare(old, value) === 0 ? old : this.#kept(value);
    this.#pooled.set(key, pooled);
    return pooled;
  }
}

/**
 * The same ARNs, clients, regions and requesters come with every event as strings and objects of their own, and would
 * be kept as often as there are sessions. Pooled before they are stored, a million sessions fit in a gigabyte.
 */
export class ValuePool {
  readonly #texts = new Pool<string>(compareText);
  readonly #terms = new Pool<ClaimTerms>(compareTerms, (terms) => this.#keptTerms(terms));
  readonly #requesters = new Pool(compareRequesters);
  readonly #sources = new Pool(compareSources);

  text<Text extends string | undefined>(text: Text): Text {
    return text === undefined ? text : (this.#texts.of(text, text) as Text);
  }

  texts(set: SmallSet): SmallSet {
    return set === undefined || typeof set === 'string' ? this.text(set) : set.map((text) => this.text(text));
  }

  claim(claim: Claim): Claim {
    return new KeptClaim(
      claim,
      this.#termsOf(claim),
      this.#requester(claim.requester),
      this.#source(claim.source),
    );
  }

  sighting(sighting: Sighting): Sighting {
    return new KeptSighting({
      ...sighting,
      address: this.text(sighting.address),
      client: sighting.client === undefined ? undefined : this.text(ownCopy(sighting.client)),
      vpcEndpointId: this.text(sighting.vpcEndpointId),
      vpcEndpointAccountId: this.text(sighting.vpcEndpointAccountId),
    });
  }

  /** Most claims come with terms that are pooled already, and nothing is made of them. */
  #termsOf(claim: ClaimTerms): ClaimTerms {
    const { kind, action, accountId, region, actsAs, expiresBasis, sourceIdentity } = claim;
    return this.#terms.of(
      `${kind} ${action} ${accountId} ${region} ${actsAs} ${expiresBasis} ${sourceIdentity}`,
      claim,
    );
  }

  #keptTerms({
    kind,
    action,
    accountId,
    region,
    actsAs,
    expiresBasis,
    sourceIdentity,
  }: ClaimTerms): ClaimTerms {
    return {
      kind,
      action: this.text(action),
      accountId: this.text(accountId),
      region: this.text(region),
      actsAs: this.text(actsAs),
      expiresBasis,
      sourceIdentity: this.text(sourceIdentity),
    };
  }

  #requester(requester: Requester): Requester {
    const { arn, accessKeyId, invokedBy, accountId, createdAt } = requester;
    return this.#requesters.of(`${accessKeyId} ${arn ?? accountId} ${invokedBy} ${createdAt}`, requester);
  }

  #source(source: Source): Source {
    const { address, vpcEndpointId, userAgent } = source;
    return this.#sources.of(`${address} ${vpcEndpointId} ${userAgent}`, source);
  }
}
