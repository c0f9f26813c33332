import { withoutApiVersion } from './call-name.ts';
import type { CallRows } from './call-rows.ts';
import type { ThreatEntry } from './ecs-threat.ts';
import type { EventRules, KnownEvent } from './event-rules.ts';
import type { FailureTest } from './failed-events.ts';
import type { HarmlessCall } from './harmless-calls.ts';
import type { ParameterTest } from './parameter-test.ts';
import type { PolicyEventRule, PolicyEvents } from './policy-events.ts';
import type { TellingRows } from './telling-calls.ts';
import type { ThreatTable } from './threat-table.ts';

/** All that the tables say of one pair of eventSource and eventName, before the rest of the record is looked at. */
export interface KnownCall {
  readonly event: KnownEvent;
  /** `undefined` where nothing was decided and no rule applies. */
  readonly threat: ThreatEntry | undefined;
  /** `undefined` where the call has nothing to do with a policy. */
  readonly policy: PolicyEventRule | undefined;
  /** By which parameters the call does no harm; `undefined` for nearly all calls. */
  readonly harmless: readonly HarmlessCall[] | undefined;
  /** By which parameters the call does more or less than its name says; `undefined` for nearly all calls. */
  readonly telling: TellingRows | undefined;
  /** By which parameter the call only asks what it would do; `undefined` for nearly all calls. */
  readonly dryRun: readonly ParameterTest[] | undefined;
  /** Where an event without an error code tells of a failure; `undefined` for nearly all calls. */
  readonly failure: readonly FailureTest[] | undefined;
}

/** The tables that know calls by source and name. */
export interface CallTables {
  readonly events: EventRules;
  readonly threats: ThreatTable;
  readonly policies: PolicyEvents;
  readonly harmless: CallRows<readonly HarmlessCall[]>;
  readonly telling: CallRows<TellingRows>;
  readonly dryRuns: CallRows<readonly ParameterTest[]>;
  readonly failures: CallRows<readonly FailureTest[]>;
}

/** About twice the pairs that AWS can write. */
const MOST_REMEMBERED = 40_000;

/**
 * What seven tables say of a call, in one look-up for an event. Which call it is, is decided here for all of them:
 * the host of any partition is the same service, and a version of the API or the case of a name makes no other call.
 */
export class KnownCalls {
  readonly #tables: CallTables;
  readonly #remembered = new Map<string, Map<string, KnownCall>>();
  #count = 0;

  constructor(tables: CallTables) {
    this.#tables = tables;
  }

  /** How many pairs are remembered: never more than a fixed number, whatever arrives. */
  get remembered(): number {
    return this.#count;
  }

  find(eventSource: string, eventName: string): KnownCall {
    const found = this.#remembered.get(eventSource)?.get(eventName);
    if (found !== undefined) return found;
    const event = this.#tables.events.find(eventSource, eventName);
    const known = this.#told(event, withoutApiVersion(eventName));
    if (event.rule !== undefined || event.notAnApiCall !== undefined)
      this.#remember(eventSource, eventName, known);
    return known;
  }

  #told(event: KnownEvent, name: string): KnownCall {
    const { source } = event;
    if (source === undefined) return { ...NOTHING, event };
    const { threats, policies, harmless, telling, dryRuns, failures } = this.#tables;
    return {
      threat: threats.find(source, name),
      policy: policies.find(source, name),
      harmless: harmless.find(source, name),
      telling: telling.find(source, name),
      dryRun: dryRuns.find(source, name),
      failure: failures.find(source, name),
      event,
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

const NOTHING: Omit<KnownCall, 'event'> = {
  threat: undefined,
  policy: undefined,
  harmless: undefined,
  telling: undefined,
  dryRun: undefined,
  failure: undefined,
};
