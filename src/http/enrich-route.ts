import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EnrichmentContext } from '../enrichment/enrich.ts';
import { type ParsedRecord, parseRecordText } from '../event/parse-record.ts';
import { type EnrichAnswer, EnrichExchange } from './enrich-exchange.ts';
import { enrichmentOf } from './guests.ts';
import { refuseEncoded } from './plain-body.ts';
import { refuseError } from './refusal-handler.ts';
import { headOf } from './request-head.ts';
import { ENRICHED, RECORD_BODY, refusal } from './schemas.ts';
import { PHASE, type ServiceContext } from './service-context.ts';

const schema = {
  tags: ['enrichment'],
  summary: 'Enriches one CloudTrail record.',
  description:
    'Takes one record in any envelope that Logstash and its neighbours put around it; the content type does not matter.',
  body: RECORD_BODY,
  response: {
    200: { description: 'The enrichment', content: ENRICHED },
    400: refusal('No single CloudTrail record was found'),
    413: refusal('The body is too large'),
    415: refusal('The body is compressed'),
    500: refusal('The service failed'),
    503: refusal('The request waited too long: the service is busy'),
  },
};

interface EnrichBody {
  Body: string | undefined;
}

/** What Logstash's http filter calls once per event, where the way of direct-enrich.ts is not taken. */
export function registerEnrichRoute(app: FastifyInstance, context: ServiceContext): void {
  const meter = context.requestMeter.route('/enrich');
  const enrichment = enrichmentOf(context);
  const options = { schema, errorHandler, config: { scope: 'enrich', countsItself: true } } as const;

  app.post<EnrichBody>('/enrich', options, (request, reply) => {
    refuseEncoded(request);
    context.pace.join(new FastifyExchange(request, reply, context, enrichment(request.raw)));
  });

  function errorHandler(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
    refuseError(error, request, reply, context.log);
    meter.answered(reply.statusCode, headOf(request.raw));
  }
}

class FastifyExchange extends EnrichExchange {
  readonly #body: string;
  readonly #reply: FastifyReply;
  readonly bytes: number;

  constructor(
    request: FastifyRequest<EnrichBody>,
    reply: FastifyReply,
    context: ServiceContext,
    enrichment: EnrichmentContext,
  ) {
    super(request.raw, context, enrichment);
    this.#body = request.body ?? '';
    this.bytes = Buffer.byteLength(this.#body);
    this.#reply = reply;
  }

  protected parsed(): ParsedRecord {
    return parseRecordText(this.#body);
  }

  protected write({ status, type, body, retryAfter }: EnrichAnswer): void {
    const reply = this.#reply.code(status).header('content-type', type);
    if (this.context.phase >= PHASE.lingering) reply.header('connection', 'close');
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    reply.send(body);
  }
}
