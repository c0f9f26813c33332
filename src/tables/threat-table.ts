import type { TellingCall, TellingCallRow } from './telling-calls.ts';

/**
 * Why a technique is given to a call: `sources` where published rule sets name it for that very call, `curated`
 * where it rests on the reason written beside it, `rule` where only the service and the verb of the call speak.
 */
export const THREAT_BASES = ['curated', 'sources', 'rule'] as const;
export type ThreatBasis = (typeof THREAT_BASES)[number];

/** One row of data/generated/attack-techniques.json: [id, name, tactics, url]; active ids of ATT&CK v19 only. */
export type TechniqueRow = readonly [id: string, name: string, tactics: readonly string[], url: string];

/** One row of data/generated/attack-tactics.json: [id, name]. */
export type TacticRow = readonly [id: string, name: string];

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

export interface TechniqueUse {
  readonly technique: string;
  readonly tactics: readonly string[];
  readonly sources: readonly string[];
  /** How many published rule sets name this technique, or its parent or child, for this call. */
  readonly support: number;
}

interface EcsList {
  readonly id: readonly string[];
  readonly name: readonly string[];
  readonly reference: readonly string[];
}

/** ECS 9 `threat.*`. The arrays of one level run in parallel; `mitre` keeps the pairing that they lose. */
export interface EcsThreat {
  readonly framework: 'MITRE ATT&CK';
  readonly tactic: EcsList;
  readonly technique: EcsList & { readonly subtechnique?: EcsList };
}

/** One tactic with one technique, in the names of the answer, so that the row can be shared by all its events. */
export interface MitrePair {
  readonly tactic_id: string;
  readonly technique_id: string;
  readonly sources: readonly string[];
  readonly support: number;
}

/** What is known of a call. `threat` and `mitre` are left out together where the call has no adversary use. */
export interface ThreatEntry {
  readonly basis: ThreatBasis;
  readonly reason: string;
  readonly techniques: readonly TechniqueUse[];
  readonly threat?: EcsThreat;
  readonly mitre?: readonly MitrePair[];
}

export interface ThreatRows {
  readonly tactics: readonly TacticRow[];
  readonly techniques: readonly TechniqueRow[];
  readonly events: readonly ThreatEventRow[];
  readonly rules: readonly ThreatRule[];
}

type Variant = 'giving' | 'removing' | 'both' | 'denying' | 'receiving';

/** ATT&CK, "Account Access Removal": access of those who had it is taken away. */
const REMOVAL: TechniqueUse = curatedUse({ technique: 'T1531', tactics: ['TA0040'] });

/** Rights of an identity, and access of others to what a resource holds: what only an Allow gives. */
const GRANTS: ReadonlySet<string> = new Set(['T1098', 'T1537', 'T1555']);

/** ATT&CK, "Transfer Data to Cloud Account". */
const TRANSFER = 'T1537';

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
  readonly #compose: EcsComposer;
  /** Entries as a call's policy or parameters make them: answers share what is told of a call. */
  readonly #variants = new Map<ThreatEntry, Map<Variant | TellingCall, ThreatEntry>>();
  readonly #toldAlone = new Map<TellingCall, ThreatEntry>();

  /** Throws an Error that names the row where a technique or tactic is not an active one. */
  constructor(rows: ThreatRows) {
    const compose = new EcsComposer(rows.tactics, rows.techniques);
    this.#compose = compose;
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

  /** The entry of a call that took a restraint away: without the removal of access. */
  givingAccessBack(entry: ThreatEntry): ThreatEntry {
    return this.#variant(entry, 'giving', (uses) =>
      uses.filter((use) => use.technique !== REMOVAL.technique),
    );
  }

  /** The entry of a call that shut everyone out; `grants` where it let somebody in besides. */
  removingAccess(entry: ThreatEntry, grants: boolean): ThreatEntry {
    return grants
      ? this.#variant(entry, 'both', (uses) => [
          ...uses.filter((use) => use.technique !== REMOVAL.technique),
          REMOVAL,
        ])
      : this.#variant(entry, 'removing', () => [REMOVAL]);
  }

  /** The entry of a call whose policy allows nothing. */
  withoutGrant(entry: ThreatEntry): ThreatEntry {
    return this.#variant(entry, 'denying', (uses) =>
      uses.filter(({ technique }) => !GRANTS.has(parentTechnique(technique))),
    );
  }

  /** The entry of a call whose policy lets others in to send something, and take nothing. */
  withoutTransfer(entry: ThreatEntry): ThreatEntry {
    return this.#variant(entry, 'receiving', (uses) =>
      uses.filter(({ technique }) => technique !== TRANSFER),
    );
  }

  /** The entry of a call whose parameters tell more or less than its name. */
  asTold(entry: ThreatEntry | undefined, call: TellingCall): ThreatEntry | undefined {
    const less = call.less.techniques ?? [];
    const more = call.more.techniques ?? [];
    if (entry === undefined) return more.length === 0 ? undefined : this.#told(call);
    if (less.length + more.length === 0) return entry;
    return this.#variant(entry, call, (uses) => {
      const kept = uses.filter(({ technique }) => !less.includes(technique));
      const fresh = more.filter((use) => !kept.some(({ technique }) => technique === use.technique));
      return [...kept, ...fresh.map(curatedUse)];
    });
  }

  /** Throws an Error where a technique or tactic that a call's parameters add is not an active one. */
  requireActive(call: TellingCallRow): void {
    this.#compose.entry('curated', call.reason, (call.more?.techniques ?? []).map(curatedUse));
  }

  /** Where nothing was decided of a call, what its parameters tell is all. */
  #told(call: TellingCall): ThreatEntry {
    const known = this.#toldAlone.get(call);
    if (known !== undefined) return known;
    const told = this.#compose.entry('curated', call.reason, (call.more.techniques ?? []).map(curatedUse));
    this.#toldAlone.set(call, told);
    return told;
  }

  #variant(
    entry: ThreatEntry,
    variant: Variant | TellingCall,
    change: (uses: readonly TechniqueUse[]) => readonly TechniqueUse[],
  ): ThreatEntry {
    const variants = this.#variants.get(entry) ?? new Map<Variant | TellingCall, ThreatEntry>();
    this.#variants.set(entry, variants);
    const known = variants.get(variant);
    if (known !== undefined) return known;
    const changed = this.#compose.entry(entry.basis, entry.reason, change(entry.techniques));
    variants.set(variant, changed);
    return changed;
  }

  #backOff(eventSource: string, eventName: string): ThreatEntry | undefined {
    return this.#rules.get(eventSource)?.find(({ rule }) => applies(rule, eventName))?.entry;
  }
}

function curatedUse(use: Pick<TechniqueUse, 'technique' | 'tactics'>): TechniqueUse {
  return { ...use, sources: ['curated'], support: 0 };
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

/** Builds the shared, frozen parts of the answer from the names of tactics and techniques. */
class EcsComposer {
  readonly #tactics: ReadonlyMap<string, string>;
  readonly #techniques: ReadonlyMap<string, TechniqueRow>;

  constructor(tactics: readonly TacticRow[], techniques: readonly TechniqueRow[]) {
    this.#tactics = new Map(tactics);
    this.#techniques = new Map(techniques.map((row) => [row[0], row]));
  }

  entry(basis: ThreatBasis, reason: string, techniques: readonly TechniqueUse[]): ThreatEntry {
    if (techniques.length === 0) return Object.freeze({ basis, reason, techniques });
    const mitre = techniques.flatMap(({ technique, tactics, sources, support }) =>
      tactics.map((tactic) =>
        Object.freeze({
          tactic_id: tactic,
          technique_id: technique,
          sources: Object.freeze(sources),
          support,
        }),
      ),
    );
    return Object.freeze({
      basis,
      reason,
      techniques,
      threat: Object.freeze(this.#threat(techniques)),
      mitre: Object.freeze(mitre),
    });
  }

  #threat(techniques: readonly TechniqueUse[]): EcsThreat {
    const ids = techniques.map((use) => use.technique);
    const subtechniques = ids.filter((id) => id.includes('.'));
    const technique = this.#techniqueList(ids.map(parentTechnique));
    return {
      framework: 'MITRE ATT&CK',
      tactic: this.#tacticList(techniques.flatMap((use) => use.tactics)),
      technique:
        subtechniques.length === 0
          ? technique
          : { ...technique, subtechnique: this.#techniqueList(subtechniques) },
    };
  }

  #tacticList(ids: readonly string[]): EcsList {
    const id = [...new Set(ids)];
    return {
      id,
      name: id.map((tactic) => this.#tactics.get(tactic) ?? refuse(tactic)),
      reference: id.map((tactic) => `https://attack.mitre.org/tactics/${tactic}/`),
    };
  }

  #techniqueList(ids: readonly string[]): EcsList {
    const id = [...new Set(ids)];
    const rows = id.map((technique) => this.#techniques.get(technique) ?? refuse(technique));
    return { id, name: rows.map((row) => row[1]), reference: rows.map((row) => row[3]) };
  }
}

/** T1098 for T1098.001, and T1098 for itself. */
export function parentTechnique(id: string): string {
  const dot = id.indexOf('.');
  return dot === -1 ? id : id.slice(0, dot);
}

function refuse(id: string): never {
  throw new Error(`${id} is not an active id of the ATT&CK tables`);
}
