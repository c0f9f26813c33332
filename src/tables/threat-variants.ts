import { type EcsComposer, parentTechnique, type TechniqueUse, type ThreatEntry } from './ecs-threat.ts';
import type { TellingCall, TellingCallRow } from './telling-calls.ts';

type Variant = 'giving' | 'removing' | 'both' | 'denying' | 'receiving';

/** ATT&CK, "Account Access Removal": access of those who had it is taken away. */
const REMOVAL: TechniqueUse = curatedUse({ technique: 'T1531', tactics: ['TA0040'] });

/** Rights of an identity, and access of others to what a resource holds: what only an Allow gives. */
const GRANTS: ReadonlySet<string> = new Set(['T1098', 'T1537', 'T1555']);

/** ATT&CK, "Transfer Data to Cloud Account". */
const TRANSFER = 'T1537';

/** The techniques of a call as what it carries makes them: its policy, or parameters that tell more than its name. */
export class ThreatVariants {
  readonly #compose: EcsComposer;
  /** Made once: answers share what is told of a call. */
  readonly #variants = new Map<ThreatEntry, Map<Variant | TellingCall, ThreatEntry>>();
  readonly #toldAlone = new Map<TellingCall, ThreatEntry>();

  constructor(compose: EcsComposer) {
    this.#compose = compose;
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
}

function curatedUse(use: Pick<TechniqueUse, 'technique' | 'tactics'>): TechniqueUse {
  return { ...use, sources: ['curated'], support: 0 };
}
