import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const HEAD = Symbol('time of the head');

const LAST = Symbol('last request of a connection');

interface Stamped extends IncomingMessage {
  [HEAD]?: number;
}

interface Used extends Socket {
  [LAST]?: IncomingMessage;
}

/** Notes when the head of a request came, and on which connection. */
export function noteHead(request: IncomingMessage): void {
  (request as Stamped)[HEAD] = performance.now();
  (request.socket as Used)[LAST] = request;
}

/**
 * Runs before routing, on every request that Fastify takes, and makes the content type one that it knows. Logstash's
 * http filter says text/plain by default, others say what they like; what a body is, its bytes tell.
 */
export function readHead(request: IncomingMessage): string {
  noteHead(request);
  // Fastify refuses a QUERY without one before it says that no route takes that method.
  if (request.headers['content-type'] !== undefined || request.method === 'QUERY')
    request.headers['content-type'] = 'text/plain';
  return request.url ?? '/';
}

/** `performance.now()` when the head of the request came. */
export function headOf(request: IncomingMessage): number {
  return (request as Stamped)[HEAD] ?? performance.now();
}

/** The request that came last on a connection; `undefined` before the first. */
export function requestOn(socket: Socket): IncomingMessage | undefined {
  return (socket as Used)[LAST];
}
