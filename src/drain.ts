import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type ConnectionWatch, LONGEST_UNREST_MILLISECONDS } from './http/connection-watch.ts';
import { PHASE, type ServiceContext } from './http/service-context.ts';

/** A client in use sends again within this time, and learns from the answer that the connection is closed. */
const LINGER_MILLISECONDS = 2_000;
/** For what is in flight then, such as a long batch. */
const FINISH_MILLISECONDS = 15_000;
/** After the seconds of DETRAILS_DRAIN_SECONDS: what kills the process has to wait for longer than both. */
export const LONGEST_DRAIN_MILLISECONDS =
  LONGEST_UNREST_MILLISECONDS + LINGER_MILLISECONDS + FINISH_MILLISECONDS;

/**
 * Goes without a request broken off. First it is only not ready: load balancers send new clients elsewhere, and those
 * it has are answered as ever. Then it stops listening, and only then does each answer close its connection: told
 * earlier, clients would come back over new connections, and one that the kernel has accepted and the process has
 * not yet is reset when the listening socket closes. A person who presses Ctrl-C does not wait for load balancers.
 */
export async function drain(
  app: FastifyInstance,
  connections: ConnectionWatch,
  context: ServiceContext,
  reason: string,
): Promise<void> {
  const isInteractive = reason === 'SIGINT';
  context.phase = PHASE.stopping;
  context.log.info(`draining after ${reason}`);
  if (!isInteractive) await wait(context.config.drainSeconds * 1000);
  await connections.stopListening();
  context.phase = PHASE.lingering;
  await connections.allClosed(isInteractive ? 200 : LINGER_MILLISECONDS);
  context.phase = PHASE.closing;
  let cutOff = 0;
  const destroyAll = (): void => {
    cutOff += connections.inFlight;
    connections.destroyAll();
  };
  const forced = setTimeout(destroyAll, FINISH_MILLISECONDS);
  await app.close();
  // What node takes for busy, a connection without a request for example, outlives the close of its server.
  await connections.allClosed(FINISH_MILLISECONDS);
  clearTimeout(forced);
  destroyAll();
  connections.stop();
  if (cutOff === 0) context.log.info('drained');
  else context.log.warn(`drained; requests that took longer and were cut off: ${cutOff}`);
}
