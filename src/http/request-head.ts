import type { IncomingMessage } from 'node:http';

const HEAD = Symbol('time of the head');

interface Stamped extends IncomingMessage {
  [HEAD]?: number;
}

/**
 * Runs before routing, on every request: notes when its head came, and makes the content type one that Fastify takes.
 * Logstash's http filter says text/plain by default, others say what they like; what a body is, its bytes tell.
 */
export function readHead(request: IncomingMessage): string {
  (request as Stamped)[HEAD] = performance.now();
  if (request.headers['content-type'] !== undefined) request.headers['content-type'] = 'text/plain';
  return request.url ?? '/';
}

/** `performance.now()` when the head of the request came. */
export function headOf(request: IncomingMessage): number {
  return (request as Stamped)[HEAD] ?? performance.now();
}
