import { type Config, ConfigError } from './config.ts';
import type { EnrichmentContext, Knowledge } from './enrichment/enrich.ts';
import { LocalPolicyMemory } from './policy/memory/policy-memory.ts';
import { PolicyAnalyzer } from './policy/policy-analyzer.ts';
import { AllowedNetworks } from './session/allowed-networks.ts';
import { MemoryStore } from './session/memory-store.ts';
import { loadTables } from './tables/load-tables.ts';
import { reasonOf } from './thrown.ts';

/** What events are answered from where nothing is shared. */
export interface OwnEnrichment extends EnrichmentContext {
  readonly sessions: MemoryStore;
  readonly policies: LocalPolicyMemory;
}

/** Of a command as of a service: without doors, metrics and Redis. Throws a ConfigError. */
export function createEnrichment(config: Config, now: () => number = Date.now): OwnEnrichment {
  return {
    knowledge: knowledgeOf(config, now),
    policies: new LocalPolicyMemory(),
    sessions: new MemoryStore({ maxSessions: config.sessionMax }),
  };
}

/** Reads the tables. Throws what `loadTables` throws, and a ConfigError. */
export function knowledgeOf(config: Config, now: () => number): Knowledge {
  const tables = loadTables(config.tablesDirectory);
  return {
    tables,
    policyAnalyzer: new PolicyAnalyzer(tables),
    session: {
      now,
      learn: true,
      networks: tables.networks,
      allowedNetworks: allowedNetworks(config),
      endpointAccounts: new Set(config.endpointAccounts),
    },
  };
}

function allowedNetworks(config: Config): AllowedNetworks | undefined {
  if (config.allowedNetworks.length === 0) return undefined;
  try {
    return new AllowedNetworks(config.allowedNetworks);
  } catch (error) {
    throw new ConfigError(
      `DETRAILS_ALLOWED_NETWORKS must be networks in CIDR notation, separated by commas; ${reasonOf(error)} is none`,
    );
  }
}
