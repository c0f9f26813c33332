import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, enrichText } from '../enrichment/enrich.ts';
import { enrichAnswerOf } from './enrich-answer.ts';
import { refuseError, sendOverload } from './refusal-handler.ts';
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

interface EnrichBody {
  Body: string | undefined;
}
type EnrichRequest = FastifyRequest<EnrichBody>;

/** What Logstash's http filter calls once per event. */
export function registerEnrichRoute(app: FastifyInstance, context: ServiceContext): void {
  const meter = context.requestMeter.route('/enrich');
  const enrichment = enrichmentOf(context);
  const options = { schema, errorHandler, config: { scope: 'enrich' } } as const;

  app.post<EnrichBody>('/enrich', options, (request, reply) => {
    if (context.draining) reply.header('connection', 'close');
    if (context.backlog.isOverdue(headOf(request.raw))) return refuseOverdue(request, reply);
    return context.pace.hasTime() ? answer(request, reply) : answerLater(request, reply);
  });

  function answer(request: EnrichRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
    const answered = enrichText(request.body ?? '', enrichment(request.raw));
    return answered instanceof Promise
      ? answered.then((late) => send(late, request, reply))
      : send(answered, request, reply);
  }

  function answerLater(request: EnrichRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    context.pace.later({ bytes: request.body?.length ?? 0, head: headOf(request.raw), run: resolve });
    return promise.then((isOverdue) => (isOverdue ? refuseOverdue(request, reply) : answer(request, reply)));
  }

  function send(answer: Answer, request: EnrichRequest, reply: FastifyReply): FastifyReply {
    context.eventMetrics.count(answer);
    const { status, type, body } = enrichAnswerOf(answer);
    reply.code(status).header('content-type', type).send(body);
    meter.answered(status, headOf(request.raw));
    return reply;
  }

  function refuseOverdue(request: EnrichRequest, reply: FastifyReply): FastifyReply {
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
