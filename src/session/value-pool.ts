import type { Claim, Requester, Source } from './claim.ts';
import type { Sighting } from './session-facts.ts';
import { ownCopy } from './stored-text.ts';

/** Of each of the two generations. */
const GENERATION = 20_000;

/** Equal values become one; the older half is forgotten when the younger is full, so that it stays bounded. */
class Pool<Value> {
  readonly #areEqual: (a: Value, b: Value) => boolean;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  constructor(areEqual: (a: Value, b: Value) => boolean) {
    this.#areEqual = areEqual;
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
    const pooled = old !== undefined && this.#areEqual(old, value) ? old : value;
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
  readonly #requesters = new Pool(areEqualRequesters);
  readonly #sources = new Pool(areEqualSources);

  text<Text extends string | undefined>(text: Text): Text {
    return text === undefined ? text : (this.#texts.of(text, text) as Text);
  }

  claim(claim: Claim): Claim {
    return {
      ...claim,
      action: this.text(claim.action),
      accountId: this.text(claim.accountId),
      region: this.text(claim.region),
      actsAs: this.text(claim.actsAs),
      requester: this.#requester(claim.requester),
      source: this.#source(claim.source),
      sourceIdentity: this.text(claim.sourceIdentity),
    };
  }

  sighting(sighting: Sighting): Sighting {
    return {
      ...sighting,
      address: this.text(sighting.address),
      client: sighting.client === undefined ? undefined : this.text(ownCopy(sighting.client)),
      vpcEndpointId: this.text(sighting.vpcEndpointId),
      vpcEndpointAccountId: this.text(sighting.vpcEndpointAccountId),
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
