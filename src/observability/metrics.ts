import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RefusalCode } from '../errors.ts';
import type { TableSource } from '../tables/tables.ts';

/** Gauges that prom-client names like counters, which promtool refuses; the same by kind are nodejs_active_*. */
const MISNAMED = ['handles', 'requests', 'resources'].map((kind) => `nodejs_active_${kind}_total`);

/** Codes of calls that are turned away for who sent them. */
export const ACCESS_REFUSALS = [
  'unauthorized',
  'forbidden',
  'too_many_logins',
  'cross_site',
] as const satisfies readonly RefusalCode[];

/** Why a connection was closed on its client. */
export const DROPPED_FOR = ['slow', 'memory', 'too_many'] as const;
export type DroppedFor = (typeof DROPPED_FOR)[number];

/**
 * Every metric of the service, in a registry of its own. Labels are closed sets (routes, codes, levels, verdicts,
 * known service prefixes): never an account, a key, an address or a user. docs/metrics.md explains each.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly requests = this.#counter('detrails_http_requests_total', 'Requests answered.', ['route', 'code']);
  readonly inFlight = this.#gauge('detrails_http_requests_in_flight', 'Requests read or answered.');
  readonly duration = new Histogram({
    name: 'detrails_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['route'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  readonly events = this.#counter(
    'detrails_events_total',
    'Events by result: enriched, or refused with a code.',
    ['result'],
  );
  readonly actions = this.#counter('detrails_actions_total', 'Events by access level of the called action.', [
    'access_level',
  ]);
  readonly unknownActions = this.#counter(
    'detrails_unknown_actions_total',
    'API calls without a known IAM action.',
    ['service'],
  );
  readonly riskEvents = this.#counter('detrails_risk_events_total', 'Events by risk level.', ['level']);
  readonly originLookups = this.#counter('detrails_origin_lookups_total', 'Origins by status and join.', [
    'status',
    'join',
  ]);
  readonly sourceVerdicts = this.#counter('detrails_source_verdicts_total', 'Source checks by verdict.', [
    'verdict',
  ]);
  readonly policyAnalyses = this.#counter('detrails_policy_analyses_total', 'Policies analysed in events.', [
    'kind',
  ]);
  readonly problems = this.#counter('detrails_problems_total', 'Notes on fields that could not be used.', [
    'code',
  ]);
  readonly eventLag = this.#gauge(
    'detrails_event_lag_seconds',
    'From the last event to when it was read off after that, in seconds; none before the first event.',
  );
  readonly sessionEvictions = this.#counter(
    'detrails_session_store_evictions_total',
    'Rows (credentials, sessions, makers of keys) that had to make room before their time.',
    ['reason'],
  );
  readonly warm = this.#gauge(
    'detrails_warm',
    '1 once the memory reaches back further than a role session can last.',
  );
  readonly tableReloads = this.#counter('detrails_table_reloads_total', 'Reloads of the tables by result.', [
    'result',
  ]);
  readonly accessRefusals = this.#counter(
    'detrails_access_refusals_total',
    'Calls refused for want of a credential or scope, or that a page of another site sent.',
    ['code'],
  );
  readonly accessReloads = this.#counter(
    'detrails_access_reloads_total',
    'Reloads of tokens and certificates by result.',
    ['result'],
  );
  readonly connectionsDropped = this.#counter(
    'detrails_connections_dropped_total',
    'Connections closed on a client that was too slow, or one too many.',
    ['reason'],
  );
  readonly overloadRefusals = this.#counter(
    'detrails_overload_refusals_total',
    'Calls refused because they had waited too long.',
    ['reason'],
  );
  readonly snapshots = this.#counter(
    'detrails_session_snapshots_total',
    'Snapshots of the memory by result.',
    ['result'],
  );
  readonly storeUp = this.#gauge(
    'detrails_session_store_up',
    '1 while events are answered with what all replicas know.',
  );
  readonly storeWritable = this.#gauge(
    'detrails_session_store_writable',
    '1 while the shared store takes what is written.',
  );
  readonly storeWatching = this.#gauge(
    'detrails_session_store_watching',
    '1 while the shared store tells which rows change, so that not every row is asked for.',
  );
  readonly storeQueue = this.#gauge(
    'detrails_session_store_queue_length',
    'Rows, of sessions and of policies, that wait until the shared store can be written.',
  );
  readonly storeDropped = this.#counter(
    'detrails_session_store_dropped_total',
    'Rows, of sessions and of policies, that were not written because too many waited.',
  );
  readonly sessionEntries = this.#gauge(
    'detrails_session_store_entries',
    'Rows remembered: credentials, sessions, makers of keys.',
  );
  readonly tableInfo = this.#gauge('detrails_table_info', 'Tables in use; always 1.', ['table', 'version']);
  readonly tableAge = this.#gauge('detrails_table_age_seconds', "Age of a table's source.", ['table']);
  readonly buildInfo = this.#gauge('detrails_build_info', 'Version of the service; always 1.', [
    'version',
    'node',
  ]);

  #sources: readonly TableSource[] = [];

  constructor(version: string) {
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    this.buildInfo.set({ version, node: process.version }, 1);
    this.#beginSeries();
  }

  /** A series that begins with its first event is born at 1, and increase() of it is 0: no alert would see that one. */
  #beginSeries(): void {
    for (const counter of [this.tableReloads, this.accessReloads, this.snapshots]) {
      counter.inc({ result: 'success' }, 0);
      counter.inc({ result: 'failure' }, 0);
    }
    for (const code of ACCESS_REFUSALS) this.accessRefusals.inc({ code }, 0);
    for (const reason of DROPPED_FOR) this.connectionsDropped.inc({ reason }, 0);
    this.events.inc({ result: 'enriched' }, 0);
    // A gauge is born at 0, which would say of a replica that is never called that its events come at once.
    this.eventLag.remove();
  }

  describeTables(sources: readonly TableSource[]): void {
    this.#sources = sources;
    this.tableInfo.reset();
    this.tableAge.reset();
    for (const { table, version } of sources) this.tableInfo.set({ table, version }, 1);
  }

  /**
   * Sets what grows by itself, when it is asked for.
   * @param now milliseconds since the epoch
   */
  refresh(now: number): void {
    for (const { table, date } of this.#sources)
      this.tableAge.set({ table }, Math.max(0, (now - Date.parse(date)) / 1000));
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
