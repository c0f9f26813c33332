import type { Config } from '../config.ts';
import type { EnrichmentContext } from '../enrichment/enrich.ts';
import type { EventMetrics } from '../observability/event-metrics.ts';
import type { Logger } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { RequestMeter } from '../observability/request-meter.ts';
import type { SharedStoreFacts, StoreMetrics } from '../observability/store-metrics.ts';
import type { LocalPolicyMemory } from '../policy/memory/policy-memory.ts';
import type { MemoryStore } from '../session/memory-store.ts';
import type { AccessControl } from './access.ts';
import type { Backlog } from './backlog.ts';
import type { Pace } from './pace.ts';
import type { Turnstile } from './turnstile.ts';

/** The connection to what replicas share. */
export interface SharedConnection {
  /**
   * Waits for the first connection, though not for long; says each change of state, and each new reason
   * while it is down; not each event.
   */
  start(
    onChange: (isUp: boolean, reason: string) => void,
    onWritable?: (isWritable: boolean, reason: string) => void,
  ): Promise<void>;
  stop(): Promise<void>;
}

/** What the routes are handed: the one place where the parts of a running service meet. */
export interface ServiceContext {
  readonly config: Config;
  readonly version: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly requestMeter: RequestMeter;
  readonly eventMetrics: EventMetrics;
  readonly storeMetrics: StoreMetrics;
  readonly enrichment: EnrichmentContext;
  /** What this process remembers of credentials and policies, for metrics and snapshots. */
  readonly memory: { readonly sessions: MemoryStore; readonly policies: LocalPolicyMemory };
  /** What replicas share; undefined where this process is alone. */
  readonly shared: (SharedStoreFacts & SharedConnection) | undefined;
  readonly backlog: Backlog;
  readonly pace: Pace;
  /** Batches and backfills under way. */
  readonly streams: Turnstile;
  /** Undefined where no credential is asked for. */
  readonly access: AccessControl | undefined;
  /** Set once when there is a server, so that there are connections. */
  connections: { readonly inFlight: number } | undefined;
  /** Set once when the service is told to stop: it does not want new clients any more. */
  stopping: boolean;
  /** Set once when it has stopped listening: each connection is closed after its next answer. */
  draining: boolean;
  /** Set once when nobody is waited for any more: a connection is closed as soon as its answer has gone out. */
  closing: boolean;
}
