import manifest from '../package.json' with { type: 'json' };
import { type Config, ConfigError } from './config.ts';
import { AccessControl } from './http/access.ts';
import { Backlog } from './http/backlog.ts';
import { LONGEST_WAIT_MILLISECONDS } from './http/connection-limits.ts';
import { Pace } from './http/pace.ts';
import type { ServiceContext } from './http/service-context.ts';
import { Turnstile } from './http/turnstile.ts';
import { EventMetrics } from './observability/event-metrics.ts';
import { createLog } from './observability/log.ts';
import { Metrics } from './observability/metrics.ts';
import { RequestMeter } from './observability/request-meter.ts';
import { StoreMetrics } from './observability/store-metrics.ts';
import { LocalPolicyMemory } from './policy/memory/policy-memory.ts';
import { PolicyAnalyzer } from './policy/policy-analyzer.ts';
import { AllowedNetworks } from './session/allowed-networks.ts';
import { MemoryStore } from './session/memory-store.ts';
import { shareMemory } from './share-memory.ts';
import { loadTables } from './tables/load-tables.ts';

/**
 * Puts the parts of a service together; nothing that an answer rests on is global, so that tests can have many. What
 * modules keep for a whole process is work that was done before, such as parts of answers: found again by the very
 * object, path or day that it was done for, it is the same for all.
 */
export function createContext(config: Config, now: () => number = Date.now): ServiceContext {
  const { version } = manifest;
  const tables = loadTables(config.tablesDirectory);
  const metrics = new Metrics(version);
  metrics.describeTables(tables.sources);
  const sessions = new MemoryStore({ maxSessions: config.sessionMax });
  const policies = new LocalPolicyMemory();
  const memory = { sessions, policies };
  const shared = config.redis && shareMemory(config.redis, memory, now);
  const store = shared?.sessions ?? sessions;
  return {
    config,
    version,
    log: createLog(config.logLevel),
    metrics,
    requestMeter: new RequestMeter(metrics),
    eventMetrics: new EventMetrics(metrics, now),
    storeMetrics: new StoreMetrics(metrics),
    enrichment: {
      tables,
      policyAnalyzer: new PolicyAnalyzer(tables),
      policies: shared?.policies ?? policies,
      sessions: store,
      session: {
        now,
        learn: true,
        networks: tables.networks,
        allowedNetworks: allowedNetworks(config),
        endpointAccounts: new Set(config.endpointAccounts),
      },
    },
    memory,
    shared,
    backlog: new Backlog(),
    pace: new Pace(() => store.catchUp()),
    streams: new Turnstile(config.maxStreams, LONGEST_WAIT_MILLISECONDS),
    access: accessControl(config),
    connections: undefined,
    stopping: false,
    draining: false,
    closing: false,
  };
}

function accessControl(config: Config): AccessControl | undefined {
  if (config.tokensFile === '' && config.tls?.clientCaFile === undefined) return undefined;
  try {
    return new AccessControl(config);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const reason = error instanceof Error ? error.message : 'unreadable';
    throw new ConfigError(`DETRAILS_TOKENS_FILE: ${reason}`);
  }
}

function allowedNetworks(config: Config): AllowedNetworks | undefined {
  if (config.allowedNetworks.length === 0) return undefined;
  try {
    return new AllowedNetworks(config.allowedNetworks);
  } catch {
    throw new ConfigError('DETRAILS_ALLOWED_NETWORKS must be networks in CIDR notation, separated by commas');
  }
}
