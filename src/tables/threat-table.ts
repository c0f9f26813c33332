import type { EcsComposer, ThreatBasis, ThreatEntry } from './ecs-threat.ts';

/** [technique, the tactics that fit this use of it, the rule sets that name it (or its parent) for this call]. */
export type TechniqueUseRow = readonly [
  technique: string,
  tactics: readonly string[],
  sources: readonly string[],
];

/** One row of data/generated/attack-events.json. No techniques means: decided, and no adversary use. */
export type ThreatEventRow = readonly [
  eventSource: string,
  eventName: string,
  basis: ThreatBasis,
  techniques: readonly TechniqueUseRow[],
  reason: string,
];

/** One row of data/curated/attack-rules.json: the back-off for calls that no row decides. First match wins. */
export interface ThreatRule {
  readonly id: string;
  readonly eventSources: readonly string[];
  /** The event name begins with one of these, followed by a capital letter or nothing. */
  readonly verbs: readonly string[];
  /** Where given, the event name also contains one of these. */
  readonly nouns?: readonly string[];
  /** Where given, the event name ends with one of these: what is acted on, and not a part or setting of it. */
  readonly endings?: readonly string[];
  readonly techniques: readonly { readonly technique: string; readonly tactics: readonly string[] }[];
  readonly reason: string;
}

export interface ThreatRows {
  readonly events: readonly ThreatEventRow[];
  readonly rules: readonly ThreatRule[];
}

interface DecidedCall {
  readonly eventName: string;
  readonly entry: ThreatEntry;
}

/**
 * ATT&CK for each call: a row that was decided by hand, else the back-off rule of its service and verb, else nothing.
 * Everything an answer needs is made when the table is loaded; KnownCalls remembers what is found.
 */
export class ThreatTable {
  /** By eventSource, and by eventName in lower case: IAM's names, too, are the same in any case. */
  readonly #events = new Map<string, Map<string, DecidedCall>>();
  readonly #rules = new Map<string, { readonly rule: ThreatRule; readonly entry: ThreatEntry }[]>();

  /** Throws an Error that names the technique or tactic of a row that is not an active one. */
  constructor(compose: EcsComposer, rows: ThreatRows) {
    for (const [eventSource, eventName, basis, techniques, reason] of rows.events) {
      const uses = techniques.map(([technique, tactics, sources]) => ({
        technique,
        tactics,
        sources: sources.length > 0 ? sources : ['curated'],
        support: sources.length,
      }));
      const events = this.#events.get(eventSource) ?? new Map<string, DecidedCall>();
      events.set(eventName.toLowerCase(), { eventName, entry: compose.entry(basis, reason, uses) });
      this.#events.set(eventSource, events);
    }
    for (const rule of rows.rules) {
      const uses = rule.techniques.map((use) => ({ ...use, sources: ['rule'], support: 0 }));
      const entry = compose.entry('rule', rule.reason, uses);
      for (const eventSource of rule.eventSources) {
        const rules = this.#rules.get(eventSource) ?? [];
        rules.push({ rule, entry });
        this.#rules.set(eventSource, rules);
      }
    }
  }

  /** Every call that was decided, with what was decided; rules are not listed, because they name no calls. */
  *decided(): Generator<readonly [eventSource: string, eventName: string, entry: ThreatEntry]> {
    for (const [eventSource, events] of this.#events) {
      for (const { eventName, entry } of events.values()) yield [eventSource, eventName, entry];
    }
  }

  /** Names as KnownCalls hands them over: of the partition aws, and without a version. */
  find(eventSource: string, eventName: string): ThreatEntry | undefined {
    const decided = this.#events.get(eventSource)?.get(eventName.toLowerCase());
    return decided?.entry ?? this.#backOff(eventSource, eventName);
  }

  #backOff(eventSource: string, eventName: string): ThreatEntry | undefined {
    return this.#rules.get(eventSource)?.find(({ rule }) => applies(rule, eventName))?.entry;
  }
}

function applies(rule: ThreatRule, eventName: string): boolean {
  return (
    rule.verbs.some((verb) => startsWithWord(eventName, verb)) &&
    (rule.nouns === undefined || rule.nouns.some((noun) => eventName.includes(noun))) &&
    (rule.endings === undefined || rule.endings.some((ending) => eventName.endsWith(ending)))
  );
}

function startsWithWord(eventName: string, verb: string): boolean {
  if (!eventName.startsWith(verb)) return false;
  const next = eventName.charCodeAt(verb.length);
  return Number.isNaN(next) || (next >= 65 && next <= 90);
}
