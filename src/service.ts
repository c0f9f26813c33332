import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import type { ServiceContext } from './http/service-context.ts';
import { keepSessions } from './keep-sessions.ts';
import { reloadTables } from './reload-tables.ts';

export interface Service {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly app: FastifyInstance;
  readonly context: ServiceContext;
  /** Reads the tables again; false where they are broken and the old ones stay. */
  reload(): boolean;
  /** Drains and closes; a second call waits for the first. */
  stop(reason: string): Promise<void>;
}

/** Loads the tables, builds the app, listens, and says where. */
export async function startService(config: Config): Promise<Service> {
  const context = createContext(config);
  const app = await buildApp(context);
  for (const warning of config.warnings) context.log.warn(warning);
  await context.shared?.start((isUp, reason) => {
    if (isUp) context.log.info(`the shared store is up: ${reason}`);
    else context.log.warn(`the shared store is down: ${reason}; answers rest on this replica's own memory`);
  });
  const keeper = await keepSessions(context.memory, config, context.log, context.metrics);
  const url = await app.listen({ host: config.host, port: config.port });
  context.log.info(`Det{R}ails ${context.version} listens on ${url} - documentation at ${url}/docs`);
  let stopping: Promise<void> | undefined;
  return {
    url,
    app,
    context,
    reload: () => reloadTables(context, context.log),
    stop(reason) {
      stopping ??= drain(app, context, reason)
        .then(() => keeper.stop())
        .then(() => context.shared?.stop());
      return stopping;
    },
  };
}

/**
 * Keeps answering, with `Connection: close`, until clients and load balancers have seen that the service goes, so
 * that no request is broken off; then closes. A person who presses Ctrl-C does not wait for load balancers.
 */
async function drain(app: FastifyInstance, context: ServiceContext, reason: string): Promise<void> {
  context.draining = true;
  context.log.info(`draining after ${reason}`);
  if (reason !== 'SIGINT') await wait(context.config.drainSeconds * 1000);
  await app.close();
}
