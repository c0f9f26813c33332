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

/** The two fields of the answer that ATT&CK fills, shared by all events that are answered with them. */
export interface ThreatFields {
  readonly threat: EcsThreat;
  readonly mitre: readonly MitrePair[];
}

/** What is known of a call. */
export interface ThreatEntry {
  readonly basis: ThreatBasis;
  readonly reason: string;
  readonly techniques: readonly TechniqueUse[];
  /** `undefined` where the call has no adversary use. */
  readonly ecs: ThreatFields | undefined;
}

/** Builds the shared, frozen parts of the answer from the names of tactics and techniques. */
export class EcsComposer {
  readonly #tactics: ReadonlyMap<string, string>;
  readonly #techniques: ReadonlyMap<string, TechniqueRow>;

  constructor(tactics: readonly TacticRow[], techniques: readonly TechniqueRow[]) {
    this.#tactics = new Map(tactics);
    this.#techniques = new Map(techniques.map((row) => [row[0], row]));
  }

  /** Throws an Error that names the technique or tactic that is not an active one. */
  entry(basis: ThreatBasis, reason: string, techniques: readonly TechniqueUse[]): ThreatEntry {
    const ecs = techniques.length === 0 ? undefined : this.#fields(techniques);
    return Object.freeze({ basis, reason, techniques, ecs });
  }

  #fields(techniques: readonly TechniqueUse[]): ThreatFields {
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
    return Object.freeze({ threat: Object.freeze(this.#threat(techniques)), mitre: Object.freeze(mitre) });
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
