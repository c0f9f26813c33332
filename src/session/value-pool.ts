import type { Claim, Requester, Source } from './claim.ts';
import { type ClaimTerms, KeptClaim } from './kept-claim.ts';
import { KeptSighting } from './kept-sighting.ts';
import type { Sighting } from './session-facts.ts';
import { ownCopy } from './stored-text.ts';

/** Of each of the two generations. */
const GENERATION = 20_000;

/** Equal values become one; the older half is forgotten when the younger is full, so that it stays bounded. */
class Pool<Value> {
  readonly #areEqual: (a: Value, b: Value) => boolean;
  readonly #kept: (value: Value) => Value;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** @param kept what is to be pooled of a value that is the first of its kind */
  constructor(areEqual: (a: Value, b: Value) => boolean, kept: (value: Value) => Value = (value) => value) {
    this.#areEqual = areEqual;
    this.#kept = kept;
  }

  /** @param key the same for equal values, and seldom for others: of these the latest is pooled */
  of(key: string, value: Value): Value {
    const young = this.#young.get(key);
    if (young !== undefined && this.#areEqual(young, value)) return young;
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const old = this.#old.get(key);
    const pooled = old !== undefined && this.#areEqual(old, value) ? old : this.#kept(value);
    this.#young.set(key, pooled);
    return pooled;
  }
}

/**
 * The same ARNs, clients, regions and requesters come with every event as strings and objects of their own, and would
 * be kept as often as there are sessions. Pooled before they are stored, a million sessions fit in a gigabyte.
 */
export class ValuePool {
  readonly #texts = new Pool<string>(Object.is);
  readonly #terms = new Pool<ClaimTerms>(areEqualTerms, (terms) => this.#keptTerms(terms));
  readonly #requesters = new Pool(areEqualRequesters);
  readonly #sources = new Pool(areEqualSources);

  text<Text extends string | undefined>(text: Text): Text {
    return text === undefined ? text : (this.#texts.of(text, text) as Text);
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

function areEqualTerms(a: ClaimTerms, b: ClaimTerms): boolean {
  return (
    a.kind === b.kind &&
    a.action === b.action &&
    a.accountId === b.accountId &&
    a.region === b.region &&
    a.actsAs === b.actsAs &&
    a.expiresBasis === b.expiresBasis &&
    a.sourceIdentity === b.sourceIdentity
  );
}

function areEqualRequesters(a: Requester, b: Requester): boolean {
  return (
    a.type === b.type &&
    a.arn === b.arn &&
    a.principalId === b.principalId &&
    a.accountId === b.accountId &&
    a.accessKeyId === b.accessKeyId &&
    a.invokedBy === b.invokedBy &&
    a.createdAt === b.createdAt &&
    a.signInSessionArn === b.signInSessionArn
  );
}

function areEqualSources(a: Source, b: Source): boolean {
  return (
    a.address === b.address &&
    a.userAgent === b.userAgent &&
    a.vpcEndpointId === b.vpcEndpointId &&
    a.vpcEndpointAccountId === b.vpcEndpointAccountId
  );
}
