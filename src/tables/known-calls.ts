import { withoutApiVersion } from './call-name.ts';
import type { EventRules, KnownEvent } from './event-rules.ts';
import type { HarmlessCall, HarmlessCalls } from './harmless-calls.ts';
import type { PolicyEventRule, PolicyEvents } from './policy-events.ts';
import type { ThreatEntry, ThreatTable } from './threat-table.ts';

/** All that the tables say of one pair of eventSource and eventName, before the rest of the record is looked at. */
export interface KnownCall {
  readonly event: KnownEvent;
  /** `undefined` where nothing was decided and no rule applies. */
  readonly threat: ThreatEntry | undefined;
  /** `undefined` where the call has nothing to do with a policy. */
  readonly policy: PolicyEventRule | undefined;
  /** By which parameters the call does no harm; `undefined` for nearly all calls. */
  readonly harmless: readonly HarmlessCall[] | undefined;
}

/** About twice the pairs that AWS can write. */
const MOST_REMEMBERED = 40_000;

/**
 * What four tables say of a call, in one look-up for an event. Which call it is, is decided here for all of them:
 * the host of any partition is the same service, and a version of the API or the case of a name makes no other call.
 */
export class KnownCalls {
  readonly #events: EventRules;
  readonly #threats: ThreatTable;
  readonly #policies: PolicyEvents;
  readonly #harmless: HarmlessCalls;
  readonly #remembered = new Map<string, Map<string, KnownCall>>();
  #count = 0;

  constructor(events: EventRules, threats: ThreatTable, policies: PolicyEvents, harmless: HarmlessCalls) {
    this.#events = events;
    this.#threats = threats;
    this.#policies = policies;
    this.#harmless = harmless;
  }

  /** How many pairs are remembered: never more than a fixed number, whatever arrives. */
  get remembered(): number {
    return this.#count;
  }

  find(eventSource: string, eventName: string): KnownCall {
    const found = this.#remembered.get(eventSource)?.get(eventName);
    if (found !== undefined) return found;
    const event = this.#events.find(eventSource, eventName);
    const known = this.#told(event, withoutApiVersion(eventName));
    if (event.rule !== undefined || event.notAnApiCall !== undefined)
      this.#remember(eventSource, eventName, known);
    return known;
  }

  #told(event: KnownEvent, name: string): KnownCall {
    const { source } = event;
    if (source === undefined) return { event, threat: undefined, policy: undefined, harmless: undefined };
    return {
      event,
      threat: this.#threats.find(source, name),
      policy: this.#policies.find(source, name),
      harmless: this.#harmless.find(source, name),
    };
  }

  /**
   * Names that mean nothing are never remembered, and those that do can still be varied in case and version:
   * a memory that fills up is emptied, so that hostile names cost time and no space.
   */
  #remember(eventSource: string, eventName: string, known: KnownCall): void {
    if (this.#count >= MOST_REMEMBERED) {
      this.#remembered.clear();
      this.#count = 0;
    }
    const names = this.#remembered.get(eventSource) ?? new Map<string, KnownCall>();
    names.set(eventName, known);
    this.#remembered.set(eventSource, names);
    this.#count += 1;
  }
}
