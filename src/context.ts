import manifest from '../package.json' with { type: 'json' };
import type { Config } from './config.ts';
import type { ServiceContext } from './http/service-context.ts';
import { EventMetrics } from './observability/event-metrics.ts';
import { Metrics } from './observability/metrics.ts';
import { MemoryStore } from './session/memory-store.ts';
import { loadTables } from './tables/load-tables.ts';

/** Puts the parts of a service together; nothing of it is global, so that tests can have many. */
export function createContext(config: Config, now: () => number = Date.now): ServiceContext {
  const { version } = manifest;
  const tables = loadTables(config.tablesDirectory);
  const metrics = new Metrics(version);
  metrics.describeTables(tables.sources, now());
  return {
    config,
    version,
    metrics,
    eventMetrics: new EventMetrics(metrics, now),
    enrichment: {
      tables,
      sessions: new MemoryStore({ maxSessions: config.sessionMax }),
      session: { now, learn: true },
    },
    draining: false,
  };
}
