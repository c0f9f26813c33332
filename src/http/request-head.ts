import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const HEAD = Symbol('time of the head');

const STREAMED = Symbol('is read as fast as it can be answered');

const LAST = Symbol('response to the last request of a connection');

interface Stamped extends IncomingMessage {
  [HEAD]?: number;
  [STREAMED]?: true;
}

interface Used extends Socket {
  [LAST]?: ServerResponse;
}

/** Notes when the head of a request came, and on which connection. */
export function noteHead(request: IncomingMessage, response: ServerResponse): void {
  (request as Stamped)[HEAD] = performance.now();
  (request.socket as Used)[LAST] = response;
}

/**
 * Runs before routing, on every request that Fastify takes, and makes the content type one that it knows. Logstash's
 * http filter says text/plain by default, others say what they like; what a body is, its bytes tell.
 */
export function readHead(request: IncomingMessage): string {
  // Fastify refuses a QUERY without one before it says that no route takes that method.
  if (request.headers['content-type'] !== undefined || request.method === 'QUERY')
    request.headers['content-type'] = 'text/plain';
  return request.url ?? '/';
}

/** Of a request whose body may be of any length, and take any time. */
export function markStreamed(request: IncomingMessage): void {
  (request as Stamped)[STREAMED] = true;
}

export function isStreamed(request: IncomingMessage): boolean {
  return (request as Stamped)[STREAMED] === true;
}

/** `performance.now()` when the head of the request came. */
export function headOf(request: IncomingMessage): number {
  return (request as Stamped)[HEAD] ?? performance.now();
}

/** The request that came last on a connection; `undefined` before the first. */
export function requestOn(socket: Socket): IncomingMessage | undefined {
  return (socket as Used)[LAST]?.req;
}

/** Whether the last request of a connection waits for the end of its answer. */
export function isAnswering(socket: Socket): boolean {
  const response = (socket as Used)[LAST];
  return response !== undefined && !response.writableFinished;
}
