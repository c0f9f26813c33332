import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, enrichText } from '../enrichment/enrich.ts';
import { stringifyEnrichment } from '../enrichment/stringify-enrichment.ts';
import { refuseError, sendRefusal } from './refusal-handler.ts';
import { headOf } from './request-head.ts';
import { RECORD_BODY, refusal, shared } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const schema = {
  tags: ['enrichment'],
  summary: 'Enriches one CloudTrail record.',
  description:
    'Takes one record in any envelope that Logstash and its neighbours put around it; the content type does not matter.',
  body: RECORD_BODY,
  response: {
    200: { description: 'The enrichment', content: { 'application/json': { schema: shared('Enrichment') } } },
    400: refusal('No single CloudTrail record was found'),
    413: refusal('The body is too large'),
    500: refusal('The service failed'),
  },
};

/** What Logstash's http filter calls once per event. */
export function registerEnrichRoute(app: FastifyInstance, context: ServiceContext): void {
  const meter = context.requestMeter.route('/enrich');

  app.post<{ Body: string | undefined }>('/enrich', { schema, errorHandler }, (request, reply) => {
    if (context.draining) reply.header('connection', 'close');
    const answer = enrichText(request.body ?? '', context.enrichment);
    return answer instanceof Promise
      ? answer.then((late) => send(late, request, reply))
      : send(answer, request, reply);
  });

  function send(answer: Answer, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    context.eventMetrics.count(answer);
    if (answer.ok) {
      reply
        .header('content-type', 'application/json; charset=utf-8')
        .send(stringifyEnrichment(answer.enrichment));
    } else {
      sendRefusal(reply, answer.refusal.code, answer.refusal.path);
    }
    meter.answered(reply.statusCode, headOf(request.raw));
    return reply;
  }

  function errorHandler(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
    refuseError(error, request, reply, context.log);
    meter.answered(reply.statusCode, headOf(request.raw));
  }
}
