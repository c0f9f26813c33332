import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { type EnrichAnswer, EnrichExchange } from './enrich-exchange.ts';
import { readHead } from './request-head.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * The way of nearly every request: POST /enrich with a Content-Length within the limit, as Logstash's http filter
 * sends it, where no credential is asked for. It is answered on Node's server itself: routing, hooks and the objects
 * of a request and a reply would cost as much as the enrichment (docs/decisions/0004). Everything else goes the way
 * through Fastify, whose route hands the same exchange to the same pace.
 */
export function enrichDirectly(server: Server, context: ServiceContext): void {
  if (context.access !== undefined) return;
  const [fastify] = server.listeners('request') as RequestListener[];
  if (fastify === undefined) throw new Error('the server has no listener to stand before');
  server.removeListener('request', fastify);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isUsual(request, context.config.bodyLimitBytes)) read(request, response, context);
    else fastify(request, response);
  });
}

function isUsual({ method, url, headers }: IncomingMessage, bodyLimitBytes: number): boolean {
  if (method !== 'POST' || url !== '/enrich' || headers['transfer-encoding'] !== undefined) return false;
  const length = Number(headers['content-length']);
  return length > 0 && length <= bodyLimitBytes;
}

/** Node gives exactly as many bytes as Content-Length says, or breaks the request off: then nobody is there to answer. */
function read(request: IncomingMessage, response: ServerResponse, context: ServiceContext): void {
  readHead(request);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [only] = chunks;
    const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    context.pace.join(new DirectExchange(body, request, response, context));
  });
  request.on('error', () => response.destroy());
}

class DirectExchange extends EnrichExchange {
  readonly #body: Buffer;
  readonly #response: ServerResponse;
  readonly #service: ServiceContext;

  constructor(body: Buffer, request: IncomingMessage, response: ServerResponse, service: ServiceContext) {
    super(request, service, service.enrichment);
    this.#body = body;
    this.#response = response;
    this.#service = service;
  }

  get bytes(): number {
    return this.#body.length;
  }

  protected text(): string {
    return this.#body.toString('utf8');
  }

  protected write({ status, type, body, retryAfter }: EnrichAnswer): void {
    const response = this.#response;
    if (this.#service.draining) response.setHeader('connection', 'close');
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    const length = Buffer.byteLength(body);
    response.writeHead(status, { 'content-type': type, 'content-length': length });
    // Where every character is one byte, there is no need to encode.
    response.end(body, length === body.length ? 'latin1' : 'utf8');
  }
}
