import type { RedisConfig } from './config.ts';
import type { SharedConnection } from './http/service-context.ts';
import type { SharedStoreFacts } from './observability/store-metrics.ts';
import { readAuthorities, readKeyPair } from './pem-file.ts';
import type { LocalPolicyMemory, PolicyRecord, PolicyStore } from './policy/memory/policy-memory.ts';
import { PolicyRows } from './policy/memory/policy-rows.ts';
import { SharedPolicies } from './policy/memory/shared-policies.ts';
import { connectRedis } from './redis/connect-redis.ts';
import { RedisRows } from './redis/redis-rows.ts';
import { watchRedis } from './redis/redis-watch.ts';
import type { StoredRow } from './session/memory-rows.ts';
import type { MemoryStore } from './session/memory-store.ts';
import { SessionRows } from './session/session-rows.ts';
import type { SessionStore } from './session/session-store.ts';
import { SharedStore } from './session/shared-store.ts';
import { Circuit, type CircuitNews } from './shared-rows/circuit.ts';
import type { OnFault } from './shared-rows/row-server.ts';
import { SharedRows } from './shared-rows/shared-rows.ts';

/** The memories of a replica that shares them, and the connection behind them. */
export interface SharedMemory extends SharedStoreFacts, SharedConnection {
  readonly sessions: SessionStore;
  readonly policies: PolicyStore;
}

/** What is said of the sharing, for the log. */
export interface SharingNews extends CircuitNews {
  readonly fault: OnFault;
}

/** A start that waits for longer would keep the service from answering at all. */
const START_MILLISECONDS = 3000;
const MOST_QUEUED = 100_000;
/** Half of what a memory of the default size holds; a text has some 500 bytes. */
const MOST_HELD = 100_000;

export function shareMemory(
  config: RedisConfig,
  own: { readonly sessions: MemoryStore; readonly policies: LocalPolicyMemory },
  now: () => number,
  news: SharingNews,
): SharedMemory {
  const client = connectRedis(settingsOf(config));
  const server = new RedisRows(client, config.prefix, watchRedis(client, config.prefix));
  const timeout = config.timeoutMilliseconds;
  const circuit = new Circuit({ server, timeout, news });
  const limits = { server, circuit, onFault: news.fault, now, mostHeld: MOST_HELD, mostWaiting: MOST_QUEUED };
  const sessionRows = new SharedRows<StoredRow>({ ...limits, space: new SessionRows(own.sessions, now) });
  const policyRows = new SharedRows<PolicyRecord>({ ...limits, space: new PolicyRows(own.policies) });
  return {
    sessions: new SharedStore({ memory: own.sessions, rows: sessionRows, circuit, timeout }),
    policies: new SharedPolicies({ memory: own.policies, rows: policyRows, circuit, timeout }),
    get isUp() {
      return circuit.isUp;
    },
    get isWritable() {
      return circuit.isWritable;
    },
    get isWatching() {
      return sessionRows.isWatching;
    },
    get queued() {
      return sessionRows.queue.size + policyRows.queue.size;
    },
    get dropped() {
      return sessionRows.queue.dropped + policyRows.queue.dropped;
    },
    start: () => circuit.start(START_MILLISECONDS),
    async stop() {
      circuit.stop();
      await server.close();
    },
  };
}

/** Throws a ConfigError where a file cannot be read, or holds something else. */
function settingsOf({ caFile, certFile, keyFile, ...settings }: RedisConfig) {
  const named = (name: string, path: string) => ({ setting: `DETRAILS_REDIS_${name}`, path });
  const ca = caFile && readAuthorities(named('CA_FILE', caFile));
  if (!certFile || !keyFile) return { ...settings, ca, cert: undefined, key: undefined };
  return { ...settings, ca, ...readKeyPair(named('CERT_FILE', certFile), named('KEY_FILE', keyFile)) };
}
