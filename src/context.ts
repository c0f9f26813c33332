import manifest from '../package.json' with { type: 'json' };
import { type Config, ConfigError } from './config.ts';
import { createEnrichment } from './enrichment-context.ts';
import { AccessControl } from './http/access.ts';
import { Backlog } from './http/backlog.ts';
import { LONGEST_WAIT_MILLISECONDS } from './http/connection-limits.ts';
import { logFailure } from './http/log-failure.ts';
import { Pace } from './http/pace.ts';
import { PHASE, type ServiceContext } from './http/service-context.ts';
import { Turnstile } from './http/turnstile.ts';
import { EventMetrics } from './observability/event-metrics.ts';
import { createLog, type Logger } from './observability/log.ts';
import { Metrics } from './observability/metrics.ts';
import { RequestMeter } from './observability/request-meter.ts';
import { StoreMetrics } from './observability/store-metrics.ts';
import { type SharingNews, shareMemory } from './share-memory.ts';
import { reasonOf } from './thrown.ts';

/**
 * Puts the parts of a service together; nothing that an answer rests on is global, so that tests can have many. What
 * modules keep for a whole process is work that was done before, such as parts of answers: found again by the very
 * object, path or day that it was done for, it is the same for all.
 */
export function createContext(config: Config, now: () => number = Date.now): ServiceContext {
  const { version } = manifest;
  const own = createEnrichment(config, now);
  const metrics = new Metrics(version);
  metrics.describeTables(own.knowledge.tables.sources);
  const memory = { sessions: own.sessions, policies: own.policies };
  const log = createLog(config.logLevel);
  const shared = config.redis && shareMemory(config.redis, memory, now, newsTo(log));
  const sessions = shared?.sessions ?? own.sessions;
  return {
    config,
    version,
    log,
    metrics,
    requestMeter: new RequestMeter(metrics),
    eventMetrics: new EventMetrics(metrics, now),
    storeMetrics: new StoreMetrics(metrics),
    enrichment: { ...own, sessions, policies: shared?.policies ?? own.policies },
    memory,
    shared,
    backlog: new Backlog(),
    pace: new Pace(() => sessions.catchUp()),
    streams: new Turnstile(config.maxStreams, LONGEST_WAIT_MILLISECONDS),
    access: accessControl(config),
    connections: undefined,
    phase: PHASE.serving,
  };
}

/** One line of the log for each. */
function newsTo(log: Logger): SharingNews {
  let isDown = false;
  return {
    changed(isUp, reason) {
      if (isUp) log.info(`the shared store is up: ${reason}`);
      else if (isDown) log.warn(`the shared store is still down: ${reason}`);
      else log.warn(`the shared store is down: ${reason}; answers rest on this replica's own memory`);
      isDown = !isUp;
    },
    writable(isWritable, reason) {
      if (isWritable) log.info(`the shared store can be written again: ${reason}`);
      else log.warn(`the shared store cannot be written: ${reason}; what is learned waits in this replica`);
    },
    fault(error) {
      logFailure(error, log, 'a row of the shared store tripped this service; the store itself is well');
    },
  };
}

function accessControl(config: Config): AccessControl | undefined {
  if (config.tokensFile === undefined && config.tls?.clientCaFile === undefined) return undefined;
  try {
    return new AccessControl(config);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`DETRAILS_TOKENS_FILE: ${reasonOf(error)}`);
  }
}
