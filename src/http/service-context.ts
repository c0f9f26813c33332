import type { Config } from '../config.ts';
import type { EnrichmentContext } from '../enrichment/enrich.ts';
import type { EventMetrics } from '../observability/event-metrics.ts';
import type { Logger } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { RequestMeter } from '../observability/request-meter.ts';
import type { MemoryStore } from '../session/memory-store.ts';

/** What the routes are handed: the one place where the parts of a running service meet. */
export interface ServiceContext {
  readonly config: Config;
  readonly version: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly requestMeter: RequestMeter;
  readonly eventMetrics: EventMetrics;
  readonly enrichment: EnrichmentContext;
  /** What this process remembers of credentials, for metrics and snapshots. */
  readonly memory: MemoryStore;
  /** Set once when the service is told to stop: not ready any more, and connections are closed after their answer. */
  draining: boolean;
}
