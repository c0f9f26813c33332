import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { type Answer, enrichText } from '../enrichment/enrich.ts';
import { RETRY_AFTER_SECONDS } from './connection-limits.ts';
import { type EnrichAnswer, enrichAnswerOf, PROBLEM_TYPE } from './enrich-answer.ts';
import { logFailure, problemDocument } from './refusal-handler.ts';
import { headOf, readHead } from './request-head.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * The way of nearly every request: POST /enrich with a Content-Length within the limit, as Logstash's http filter
 * sends it, where no credential is asked for. It is answered on Node's server itself: routing, hooks and the objects
 * of a request and a reply would cost as much as the enrichment (docs/decisions/0004). Everything else, and every
 * exception, goes the way through Fastify, whose route answers the same from the same functions.
 */
export function enrichDirectly(server: Server, context: ServiceContext): void {
  if (context.access !== undefined) return;
  const [fastify] = server.listeners('request') as RequestListener[];
  if (fastify === undefined) throw new Error('the server has no listener to stand before');
  server.removeListener('request', fastify);
  const direct = new DirectEnrich(context);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!direct.takes(request)) fastify(request, response);
    else direct.read(request, response);
  });
}

class DirectEnrich {
  readonly #context: ServiceContext;
  readonly #meter: ReturnType<ServiceContext['requestMeter']['route']>;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#meter = context.requestMeter.route('/enrich');
  }

  takes({ method, url, headers }: IncomingMessage): boolean {
    if (method !== 'POST' || url !== '/enrich' || headers['transfer-encoding'] !== undefined) return false;
    const length = Number(headers['content-length']);
    return length > 0 && length <= this.#context.config.bodyLimitBytes && !this.#isBehind();
  }

  /** Node gives exactly as many bytes as Content-Length says, or breaks the request off: then nobody is there to answer. */
  read(request: IncomingMessage, response: ServerResponse): void {
    readHead(request);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [only] = chunks;
      const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
      if (this.#context.pace.hasTime()) this.#answer(bytes.toString('utf8'), request, response);
      else this.#putOff(bytes, request, response);
    });
    request.on('error', () => response.destroy());
  }

  #putOff(bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
    const run = (isOverdue: boolean): void => {
      if (isOverdue) this.#refuse(request, response);
      else this.#answer(bytes.toString('utf8'), request, response);
    };
    this.#context.pace.later({ bytes: bytes.length, head: headOf(request), run });
  }

  #refuse(request: IncomingMessage, response: ServerResponse): void {
    this.#context.metrics.overloadRefusals.inc({ reason: 'backlog' });
    response.setHeader('retry-after', RETRY_AFTER_SECONDS);
    const body = JSON.stringify(problemDocument('overloaded'));
    this.#write({ status: 503, type: PROBLEM_TYPE, body }, request, response);
  }

  #isBehind(): boolean {
    return this.#context.backlog.isOverdue(performance.now());
  }

  #answer(text: string, request: IncomingMessage, response: ServerResponse): void {
    try {
      const answer = enrichText(text, this.#context.enrichment);
      if (!(answer instanceof Promise)) this.#send(answer, request, response);
      else
        answer.then(
          (late) => this.#send(late, request, response),
          (error: Error) => this.#fail(error, request, response),
        );
    } catch (error) {
      this.#fail(error as Error, request, response);
    }
  }

  #send(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
    this.#context.eventMetrics.count(answer);
    this.#write(enrichAnswerOf(answer), request, response);
  }

  #fail(error: Error, request: IncomingMessage, response: ServerResponse): void {
    logFailure(error, this.#context.log);
    const body = JSON.stringify(problemDocument('internal'));
    this.#write({ status: 500, type: PROBLEM_TYPE, body }, request, response);
  }

  #write({ status, type, body }: EnrichAnswer, request: IncomingMessage, response: ServerResponse): void {
    if (this.#context.draining) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
    this.#meter.answered(status, headOf(request));
  }
}
