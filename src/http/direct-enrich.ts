import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { Readable } from 'node:stream';
import type { ParsedRecord } from '../event/parse-record.ts';
import { parseRecordBytes } from '../event/scan-record.ts';
import { type EnrichAnswer, EnrichExchange } from './enrich-exchange.ts';
import { noteHead } from './request-head.ts';
import { PHASE, type ServiceContext } from './service-context.ts';

/**
 * The way of nearly every request: POST /enrich with a Content-Length within the limit, as Logstash's http filter sends
 * it, where no credential is asked for. It is answered on Node's server itself: routing, hooks and the objects of a
 * request and a reply would cost as much as the enrichment (docs/decisions/0004). Everything else goes the way through
 * Fastify, whose route hands the same exchange to the same pace. Of both the head is noted here, where they part.
 */
export function enrichDirectly(server: Server, context: ServiceContext): void {
  const isOpen = context.access === undefined;
  const [fastify] = server.listeners('request') as RequestListener[];
  if (fastify === undefined) throw new Error('the server has no listener to stand before');
  server.removeListener('request', fastify);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    noteHead(request, response);
    if (isOpen && isUsual(request, context.config.bodyLimitBytes))
      read(request as DirectRequest, response, context);
    else fastify(request, response);
  });
}

/** Names and values by turns, as they came: the object of all headers is not needed, and costs more than this. */
function isUsual({ method, url, rawHeaders }: IncomingMessage, bodyLimitBytes: number): boolean {
  if (method !== 'POST' || url !== '/enrich') return false;
  let length = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === CONTENT_LENGTH.length && name.toLowerCase() === CONTENT_LENGTH)
      length = Number(rawHeaders[i + 1]);
    else if (name.length === SEC_FETCH_SITE.length && name.toLowerCase() === SEC_FETCH_SITE) return false;
    else if (name.length === ORIGIN.length && name.toLowerCase() === ORIGIN) return false;
    else if (name.length === CONTENT_ENCODING.length && name.toLowerCase() === CONTENT_ENCODING) return false;
    else if (name.length === TRANSFER_ENCODING.length && name.toLowerCase() === TRANSFER_ENCODING)
      return false;
  }
  return length > 0 && length <= bodyLimitBytes;
}

const CONTENT_LENGTH = 'content-length';
const CONTENT_ENCODING = 'content-encoding';
/** Of a browser: whose page sends it is asked on the other way. */
const SEC_FETCH_SITE = 'sec-fetch-site';
const ORIGIN = 'origin';
const TRANSFER_ENCODING = 'transfer-encoding';

const EXCHANGE = Symbol('what becomes of the request');

interface DirectRequest extends IncomingMessage {
  [EXCHANGE]: DirectExchange;
  /** What Node itself does with a request that has no body, from 24.12 on (`optimizeEmptyRequests`). */
  _dumpAndCloseReadable?(): void;
}

/**
 * Node's parser hands the bytes of a body to `push`, which would take them through buffers, events and ticks of a
 * stream: they are taken at that door. Node gives exactly as many as Content-Length says, and then null; or breaks the
 * request off, and then nobody is there to answer.
 */
function read(request: DirectRequest, response: ServerResponse, context: ServiceContext): void {
  request[EXCHANGE] = new DirectExchange(request, response, context);
  request.push = takeBody;
}

function takeBody(this: DirectRequest, chunk: Buffer | null): boolean {
  if (chunk !== null) return this[EXCHANGE].take(chunk);
  this[EXCHANGE].join();
  if (this._dumpAndCloseReadable === undefined) return Readable.prototype.push.call(this, null);
  // Its end told as events, which nobody hears, would be four ticks.
  this._dumpAndCloseReadable();
  return false;
}

const NO_BYTES = Buffer.alloc(0);

class DirectExchange extends EnrichExchange {
  readonly #response: ServerResponse;
  #body: Buffer = NO_BYTES;
  #pieces: Buffer[] | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, context: ServiceContext) {
    super(request, context, context.enrichment);
    this.#response = response;
  }

  get bytes(): number {
    return this.#body.length;
  }

  take(chunk: Buffer): true {
    if (this.#pieces !== undefined) this.#pieces.push(chunk);
    else if (this.#body === NO_BYTES) this.#body = chunk;
    else this.#pieces = [this.#body, chunk];
    return true;
  }

  join(): void {
    if (this.#pieces !== undefined) {
      this.#body = Buffer.concat(this.#pieces);
      this.#pieces = undefined;
    }
    this.context.pace.join(this);
  }

  protected parsed(): ParsedRecord {
    return parseRecordBytes(this.#body);
  }

  protected write({ status, type, body, retryAfter }: EnrichAnswer): void {
    const response = this.#response;
    // The connection holds its last request until the next one comes (request-head.ts), and that this exchange.
    this.#body = NO_BYTES;
    if (this.context.phase >= PHASE.lingering) response.setHeader('connection', 'close');
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    const length = Buffer.byteLength(body);
    response.writeHead(status, { 'content-type': type, 'content-length': length });
    // Where every character is one byte, there is no need to encode.
    response.end(body, length === body.length ? 'latin1' : 'utf8');
  }
}
