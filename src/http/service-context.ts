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
  /** Waits for the first connection, though not for long. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * One after the other, and never back; all but the first are the drain. stopping: told to stop, it wants no new
 * clients; lingering: it has stopped listening, and each connection is closed after its next answer; closing: nobody is
 * waited for any more, and a connection is closed as soon as its answer has gone out.
 */
export const PHASE = { serving: 0, stopping: 1, lingering: 2, closing: 3 } as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

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
  /** Set by the drain alone. */
  phase: Phase;
}
