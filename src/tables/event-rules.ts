import { type ActionTable, type IamAction, PASS_ROLE } from './action-table.ts';
import { LONGEST_NAME } from './call-name.ts';
import { type EventHostRow, EventHosts, type PartitionSuffixRow } from './event-hosts.ts';
import { type EventNameRows, EventNames, type EventRule } from './event-names.ts';
import { type NonApiEventRow, NonApiEvents } from './non-api-events.ts';
import type { ParameterTest } from './parameter-test.ts';
import type { ServiceEventRow } from './service-events.ts';

export interface EventRuleRows extends EventNameRows {
  readonly suffixes: readonly PartitionSuffixRow[];
  readonly hosts: readonly EventHostRow[];
  readonly nonApiEvents: readonly NonApiEventRow[];
  readonly serviceEvents: readonly ServiceEventRow[];
}

/** All that is known of one pair of eventSource and eventName. */
export interface KnownEvent {
  /** The eventSource as the partition aws writes it; `undefined` where it is none of AWS. */
  readonly source: string | undefined;
  /** The IAM prefix; also where the name is not known. */
  readonly service: string | undefined;
  readonly rule: EventRule | undefined;
  /** On a shared host: the rule of the prefix that a parameter points to. */
  readonly choices: readonly { readonly test: ParameterTest; readonly rule: EventRule }[];
  /** On a shared host: what the name means under the other prefixes, where only parameters can tell. */
  readonly rivals: readonly EventRule[];
  /** Why the pair is no API call, unless the record itself says that it is. */
  readonly notAnApiCall: string | undefined;
  /** The service writes as events of its own what people do. */
  readonly isWrittenByService: boolean;
}

/** From eventSource and eventName to IAM actions: by rules over the table of actions, not by a list of pairs. */
export class EventRules {
  readonly #hosts: EventHosts;
  readonly #names: EventNames;
  readonly #nonApiEvents: NonApiEvents;
  readonly #writers: ReadonlySet<string>;
  readonly passRole: IamAction;

  /** Throws an Error where a row names an action that the table of actions does not hold. */
  constructor(rows: EventRuleRows, actions: ActionTable) {
    const names = new EventNames(rows, actions);
    this.#names = names;
    this.#hosts = new EventHosts(rows.suffixes, rows.hosts, (label) => names.hasService(label));
    this.#nonApiEvents = new NonApiEvents(rows.nonApiEvents);
    this.#writers = new Set(rows.serviceEvents.map(({ eventSource }) => eventSource));
    this.passRole = this.#names.action(PASS_ROLE);
  }

  find(eventSource: string, eventName: string): KnownEvent {
    if (eventSource.length > LONGEST_NAME || eventName.length > LONGEST_NAME) return NOTHING;
    const label = this.#hosts.label(eventSource);
    if (label === undefined) return FOREIGN;
    const source = `${label}.amazonaws.com`;
    const notAnApiCall = this.#nonApiEvents.reason(source, eventName);
    const host = this.#hosts.find(label);
    if (host === undefined) return { ...NOTHING, source, notAnApiCall };
    const [rule, ...others] = host.prefixes
      .map((prefix) => this.#names.find(prefix, eventName))
      .filter((found) => found !== undefined);
    const choices = host.choices.flatMap(({ test, prefix }) => {
      const chosen = this.#names.find(prefix, eventName);
      return chosen === undefined ? [] : [{ test, rule: chosen }];
    });
    const rivals = host.unlessTold === undefined ? [] : others;
    const service = rule?.service ?? host.prefixes[0];
    const isWrittenByService = this.#writers.has(source);
    return { source, service, rule, choices, rivals, notAnApiCall, isWrittenByService };
  }
}

const NOTHING: KnownEvent = {
  source: undefined,
  service: undefined,
  rule: undefined,
  choices: [],
  rivals: [],
  notAnApiCall: undefined,
  isWrittenByService: false,
};

/** Other clouds write records of the same shape, and tests write placeholders. */
const FOREIGN: KnownEvent = {
  ...NOTHING,
  notAnApiCall: 'The eventSource is none of AWS: no AWS API was called.',
};
