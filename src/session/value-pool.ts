import type { Claim, Requester, Source } from './claim.ts';
import type { Sighting } from './session-facts.ts';
import { ownCopy } from './stored-text.ts';

/** Of each of the two generations. */
const GENERATION = 20_000;

/** Equal values become one; the older half is forgotten when the younger is full, so that it stays bounded. */
class Pool<Value> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  of(key: string, value: Value): Value {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const pooled = this.#old.get(key) ?? value;
    this.#young.set(key, pooled);
    return pooled;
  }
}

/**
 * The same ARNs, clients, regions and requesters come with every event as strings and objects of their own, and would
 * be kept as often as there are sessions. Pooled before they are stored, a million sessions fit in a gigabyte.
 */
export class ValuePool {
  readonly #texts = new Pool<string>();
  readonly #requesters = new Pool<Requester>();
  readonly #sources = new Pool<Source>();

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
    return this.#requesters.of(JSON.stringify(Object.values(requester)), requester);
  }

  #source(source: Source): Source {
    return this.#sources.of(JSON.stringify(Object.values(source)), source);
  }
}
