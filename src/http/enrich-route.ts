import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, enrichText } from '../enrichment/enrich.ts';
import { stringifyEnrichment } from '../enrichment/stringify-enrichment.ts';
import { refuseError, sendOverload, sendRefusal } from './refusal-handler.ts';
import { headOf } from './request-head.ts';
import { enrichmentOf } from './require-scope.ts';
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
    503: refusal('The request waited too long: the service is busy'),
  },
};

/** What Logstash's http filter calls once per event. */
export function registerEnrichRoute(app: FastifyInstance, context: ServiceContext): void {
  const meter = context.requestMeter.route('/enrich');
  const enrichment = enrichmentOf(context);
  const options = { schema, errorHandler, config: { scope: 'enrich' } } as const;

  app.post<{ Body: string | undefined }>('/enrich', options, (request, reply) => {
    if (context.draining) reply.header('connection', 'close');
    if (context.backlog.isOverdue(headOf(request.raw))) return refuseOverdue(request, reply);
    const answer = enrichText(request.body ?? '', enrichment(request.raw));
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

  function refuseOverdue(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    context.metrics.overloadRefusals.inc({ reason: 'backlog' });
    sendOverload(reply);
    meter.answered(reply.statusCode, headOf(request.raw));
    return reply;
  }

  function errorHandler(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
    refuseError(error, request, reply, context.log);
    meter.answered(reply.statusCode, headOf(request.raw));
  }
}
