import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import { type Config, ConfigError } from './config.ts';
import { createContext } from './context.ts';
import { drain } from './drain.ts';
import { heapWarning } from './heap-room.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './http/connection-limits.ts';
import { ConnectionWatch } from './http/connection-watch.ts';
import { enrichDirectly } from './http/direct-enrich.ts';
import type { ServiceContext } from './http/service-context.ts';
import { keepMemories, type MemoryKeeper } from './keep-memories.ts';
import { reloadAccess, warnWithoutTokens, watchTokens } from './reload-access.ts';
import { reloadTables } from './reload-tables.ts';
import { codeOfError } from './thrown.ts';

export interface Service {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly app: FastifyInstance;
  readonly context: ServiceContext;
  readonly connections: ConnectionWatch;
  /** Reads tables, tokens and certificates again; false where some are broken and the old ones stay. */
  reload(): boolean;
  /**
   * Drains and closes; a second call waits for the first. False where what is remembered was to be kept and could not
   * be written.
   */
  stop(reason: string): Promise<boolean>;
}

/** Connections that the kernel takes before the process does; it cuts this to net.core.somaxconn. */
const LONGEST_QUEUE = 4_096;

/** Loads the tables, builds the app, listens, and says where. Throws a ConfigError that says which setting is wrong. */
export async function startService(
  config: Config,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): Promise<Service> {
  const context = createContext(config);
  const app = await buildApp(context, limits);
  for (const warning of config.warnings) context.log.warn(warning);
  const heap = heapWarning(config.sessionMax);
  if (heap !== undefined) context.log.warn(heap);
  warnWithoutTokens(context);
  await context.shared?.start();
  const keeper = await keepMemories(context.memory, config, context.log, context.metrics);
  const { bodyLimitBytes, maxConnections } = config;
  const watched = { limits, bodyLimitBytes, maxConnections, metrics: context.metrics, log: context.log };
  const connections = new ConnectionWatch(app.server, watched);
  context.connections = connections;
  app.server.on('connection', () => context.pace.connected());
  enrichDirectly(app.server, context);
  const url = await listen(app, config);
  const where = `${url}${otherAddresses(app)}`;
  context.log.info(`Det{R}ails ${context.version} listens on ${where} - documentation at ${url}/docs`);
  const unwatch = watchTokens(config.tokensFile, () => reloadAccess(app, context));
  return {
    url,
    app,
    context,
    connections,
    reload() {
      const access = reloadAccess(app, context);
      return reloadTables(context) && access;
    },
    stop: stopper({ app, context, connections, keeper, unwatch }),
  };
}

interface Running extends Pick<Service, 'app' | 'context' | 'connections'> {
  readonly keeper: MemoryKeeper;
  readonly unwatch: () => void;
}

function stopper({ app, context, connections, keeper, unwatch }: Running): Service['stop'] {
  /** Where the drain fails, what is remembered is to outlive it all the same. */
  const stop = async (reason: string): Promise<boolean> => {
    let isKept = false;
    try {
      await drain(app, connections, context, reason);
    } finally {
      unwatch();
      isKept = await keeper.stop();
      await context.shared?.stop();
    }
    return isKept;
  };
  let stopping: Promise<boolean> | undefined;
  return (reason) => {
    stopping ??= stop(reason);
    return stopping;
  };
}

/** The URL is one to ask from this machine: that others reach it too must not be overlooked. */
function otherAddresses({ server }: FastifyInstance): string {
  const address = server.address();
  const name = typeof address === 'object' ? address?.address : undefined;
  if (name === '0.0.0.0') return ' and all other IPv4 addresses (0.0.0.0)';
  return name === '::' ? ' and all other addresses (::)' : '';
}

async function listen(app: FastifyInstance, { host, port, reusePort }: Config): Promise<string> {
  try {
    return await app.listen({ host, port, backlog: LONGEST_QUEUE, ...(reusePort && { reusePort }) });
  } catch (error) {
    const code = codeOfError(error);
    if (code === undefined) throw error;
    throw new ConfigError(`DETRAILS_HOST and DETRAILS_PORT are nothing to listen on: ${code}`);
  }
}
