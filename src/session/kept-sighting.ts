import type { Sighting } from './session-facts.ts';
import { secondsOf, timeOf } from './whole-seconds.ts';

/** A sighting as it is kept by the million. */
export class KeptSighting implements Sighting {
  readonly eventId: string | undefined;
  readonly address: string;
  readonly isPrivate: boolean;
  readonly client: string | undefined;
  readonly vpcEndpointId: string | undefined;
  readonly vpcEndpointAccountId: string | undefined;
  readonly #seconds: number;

  constructor(sighting: Sighting) {
    this.eventId = sighting.eventId;
    this.address = sighting.address;
    this.isPrivate = sighting.isPrivate;
    this.client = sighting.client;
    this.vpcEndpointId = sighting.vpcEndpointId;
    this.vpcEndpointAccountId = sighting.vpcEndpointAccountId;
    this.#seconds = secondsOf(sighting.time);
  }

  get time(): number {
    return timeOf(this.#seconds);
  }
}
