import { existsSync } from 'node:fs';
import { ConfigError } from '../config.ts';
import { type AccessLevelOverride, withOverrides } from './access-level-overrides.ts';
import { type ActionRow, ActionTable } from './action-table.ts';
import { type DryRunRow, dryRuns } from './dry-runs.ts';
import { EcsComposer, type TacticRow, type TechniqueRow } from './ecs-threat.ts';
import { type ErrorOutcomeRow, ErrorOutcomes } from './error-outcomes.ts';
import type { EventHostRow, PartitionSuffixRow } from './event-hosts.ts';
import type { EventActionRow, EventVerbRow } from './event-names.ts';
import { EventRules } from './event-rules.ts';
import { type FailedEventRow, failedEvents } from './failed-events.ts';
import { type HarmlessCallRow, harmlessCalls } from './harmless-calls.ts';
import { KnownCalls } from './known-calls.ts';
import { loadPolicyTables, requireActions } from './load-policy-tables.ts';
import { ManagedPolicies } from './managed-policies.ts';
import { type HostingNetworkRow, NetworkTable } from './network-table.ts';
import type { NonApiEventRow } from './non-api-events.ts';
import type { PassedRoleRow } from './passed-roles.ts';
import type { PolicyEvents } from './policy-events.ts';
import {
  type EscalationMethodRow,
  type RiskActionRow,
  type RiskDefault,
  type RiskEventRow,
  RiskTable,
} from './risk-table.ts';
import { type RiskWeightRow, readRiskWeights } from './risk-weights.ts';
import type { SdkActionRow } from './sdk-actions.ts';
import type { ServiceEventRow } from './service-events.ts';
import { checkDirectory, readTableFile } from './table-file.ts';
import { TableSchemas } from './table-schemas.ts';
import type { DecisionDate, TableSource, Tables } from './tables.ts';
import { type TellingCallRow, tellingCalls } from './telling-calls.ts';
import { type ThreatEventRow, type ThreatRule, ThreatTable } from './threat-table.ts';
import { ThreatVariants } from './threat-variants.ts';

/**
 * Reads every table below `directory` (data/ of the project, or DETRAILS_TABLES_DIR).
 * Throws a ConfigError that names the file and the place where one is missing or not as its JSON Schema says, or what
 * one of them says that does not fit the others.
 */
export function loadTables(directory: string): Tables {
  checkDirectory(directory);
  try {
    return readTables(directory);
  } catch (error) {
    if (error instanceof ConfigError || !(error instanceof Error)) throw error;
    throw new ConfigError(`the tables do not fit together: ${error.message}`, { cause: error });
  }
}

function readTables(directory: string): Tables {
  const tables = new TableSchemas(directory);
  const sources = tables.readAbout<TableSource[]>('sources');
  const decided = tables.readAbout<DecisionDate[]>('decision-dates');
  const actions = loadActions(tables);
  const eventRules = loadEventRules(tables, actions);
  const threats = loadThreats(tables);
  const policies = loadPolicyTables(tables);
  requireActions(policies, actions);
  return {
    version: newestOf([...sources, ...decided]),
    sources,
    actions,
    errorOutcomes: new ErrorOutcomes(tables.read<ErrorOutcomeRow[]>('curated', 'error-outcomes')),
    calls: loadCalls(tables, eventRules, threats, policies.events),
    eventRules,
    ...threats,
    risks: loadRisks(tables, actions),
    riskWeights: readRiskWeights(tables.read<RiskWeightRow[]>('curated', 'risk-weights')),
    networks: loadNetworks(directory, tables),
    policies,
    managedPolicies: loadManagedPolicies(directory),
  };
}

function loadCalls(
  tables: TableSchemas,
  events: EventRules,
  { threats, threatVariants }: Threats,
  policies: PolicyEvents,
): KnownCalls {
  const telling = tables.read<TellingCallRow[]>('curated', 'telling-calls');
  for (const row of telling) threatVariants.requireActive(row);
  return new KnownCalls({
    events,
    threats,
    policies,
    harmless: harmlessCalls(tables.read<HarmlessCallRow[]>('curated', 'harmless-calls')),
    telling: tellingCalls(telling),
    dryRuns: dryRuns(tables.read<DryRunRow[]>('curated', 'dry-runs')),
    failures: failedEvents(tables.read<FailedEventRow[]>('curated', 'failed-events')),
  });
}

/** The levels that AWS documents, corrected where they mislead. */
function loadActions(tables: TableSchemas): ActionTable {
  const rows = tables.read<ActionRow[]>('generated', 'actions');
  const overrides = tables.read<AccessLevelOverride[]>('curated', 'access-level-overrides');
  return new ActionTable(withOverrides(rows, overrides));
}

function loadNetworks(directory: string, tables: TableSchemas): NetworkTable | undefined {
  if (!existsSync(`${directory}/generated/networks.bin`)) return undefined;
  return new NetworkTable(
    readTableFile(directory, 'generated/networks.bin'),
    tables.read<HostingNetworkRow[]>('curated', 'hosting-networks'),
  );
}

/** Its rows are read when they are asked for: that it was not cut off is all that is known of them at start. */
function loadManagedPolicies(directory: string): ManagedPolicies {
  const name = 'generated/managed-policies.json';
  const text = readTableFile(directory, name).toString('latin1');
  if (!text.startsWith('[') || !text.trimEnd().endsWith(']'))
    throw new ConfigError(`the table ${name} is not JSON`);
  return new ManagedPolicies(text);
}

function loadEventRules(tables: TableSchemas, actions: ActionTable): EventRules {
  const rows = {
    suffixes: tables.read<PartitionSuffixRow[]>('curated', 'partition-suffixes'),
    hosts: tables.read<EventHostRow[]>('curated', 'event-hosts'),
    actions: tables.read<EventActionRow[]>('curated', 'event-actions'),
    verbs: tables.read<EventVerbRow[]>('curated', 'event-verbs'),
    passedRoles: tables.read<PassedRoleRow[]>('curated', 'passed-roles'),
    nonApiEvents: tables.read<NonApiEventRow[]>('curated', 'non-api-events'),
    serviceEvents: tables.read<ServiceEventRow[]>('curated', 'service-events'),
    sdkActions: tables.read<SdkActionRow[]>('generated', 'sdk-actions'),
  };
  return new EventRules(rows, actions);
}

type Threats = Pick<Tables, 'threats' | 'threatVariants'>;

function loadThreats(tables: TableSchemas): Threats {
  const compose = new EcsComposer(
    tables.read<TacticRow[]>('generated', 'attack-tactics'),
    tables.read<TechniqueRow[]>('generated', 'attack-techniques'),
  );
  const rows = {
    events: tables.read<ThreatEventRow[]>('generated', 'attack-events'),
    rules: tables.read<ThreatRule[]>('curated', 'attack-rules'),
  };
  return { threats: new ThreatTable(compose, rows), threatVariants: new ThreatVariants(compose) };
}

function loadRisks(tables: TableSchemas, actions: ActionTable): RiskTable {
  return new RiskTable(actions, {
    actions: tables.read<RiskActionRow[]>('generated', 'risk-actions'),
    events: tables.read<RiskEventRow[]>('curated', 'risk-events'),
    defaults: tables.read<RiskDefault[]>('curated', 'risk-levels'),
    methods: tables.read<EscalationMethodRow[]>('generated', 'escalation-methods'),
  });
}

function newestOf(rows: readonly { readonly date: string }[]): string {
  const dates = rows.map(({ date }) => date);
  return dates.sort().at(-1) ?? '';
}
