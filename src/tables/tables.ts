import type { ActionTable } from './action-table.ts';
import type { ErrorOutcomes } from './error-outcomes.ts';
import type { EventRules } from './event-rules.ts';
import type { KnownCalls } from './known-calls.ts';
import type { ManagedPolicies } from './managed-policies.ts';
import type { Networks } from './network-table.ts';
import type { PolicyTables } from './policy-tables.ts';
import type { RiskTable } from './risk-table.ts';
import type { RiskWeights } from './risk-weights.ts';
import type { ThreatTable } from './threat-table.ts';
import type { ThreatVariants } from './threat-variants.ts';

/** Where a generated table comes from; data/sources.json has one entry a table. */
export interface TableSource {
  /** File name below data/generated, without the ending. */
  readonly table: string;
  readonly generator: string;
  readonly source: string;
  readonly version: string;
  /** Of the source's data, YYYY-MM-DD. */
  readonly date: string;
  readonly licence: string;
  readonly rows: number;
  readonly sha256: string;
}

/** On which day a table of data/curated was last changed: a row of data/decision-dates.json. */
export interface DecisionDate {
  /** File name below data/curated, without the ending. */
  readonly table: string;
  /** YYYY-MM-DD, UTC */
  readonly date: string;
  readonly sha256: string;
}

/** Everything known beforehand, as one immutable whole: a reload swaps it at once, never a part of it. */
export interface Tables {
  /** The date of the newest table, generated or curated, YYYY-MM-DD. */
  readonly version: string;
  readonly sources: readonly TableSource[];
  readonly actions: ActionTable;
  readonly errorOutcomes: ErrorOutcomes;
  /** What the tables of calls say together. */
  readonly calls: KnownCalls;
  readonly eventRules: EventRules;
  readonly threats: ThreatTable;
  readonly threatVariants: ThreatVariants;
  readonly risks: RiskTable;
  readonly riskWeights: RiskWeights;
  /** Undefined where the directory holds no networks.bin: then nothing is said of an address's network. */
  readonly networks: Networks | undefined;
  readonly policies: PolicyTables;
  readonly managedPolicies: ManagedPolicies;
}
