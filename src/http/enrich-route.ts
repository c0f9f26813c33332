import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Answer, enrichText } from '../enrichment/enrich.ts';
import { EnrichmentSchema } from '../enrichment/enrichment.ts';
import { Type } from '../json-schema.ts';
import { ignoreContentType } from './content-type.ts';
import { sendRefusal } from './refusal-handler.ts';
import { refusal } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const schema = {
  tags: ['enrichment'],
  summary: 'Enriches one CloudTrail record.',
  description:
    'Takes one record in any envelope that Logstash and its neighbours put around it; the content type does not matter.',
  body: {
    content: { 'application/json': { schema: Type.Any() }, 'text/plain': { schema: Type.Any() } },
  },
  response: {
    200: { description: 'The enrichment', content: { 'application/json': { schema: EnrichmentSchema } } },
    400: refusal('No single CloudTrail record was found'),
    413: refusal('The body is too large'),
    500: refusal('The service failed'),
  },
};

/** What Logstash's http filter calls once per event. */
export function registerEnrichRoute(app: FastifyInstance, context: ServiceContext): void {
  app.post<{ Body: string | undefined }>(
    '/enrich',
    { schema, onRequest: ignoreContentType },
    (request, reply) => {
      const answer = enrichText(request.body ?? '', context.enrichment);
      return answer instanceof Promise ? answer.then((late) => send(late, reply)) : send(answer, reply);
    },
  );

  function send(answer: Answer, reply: FastifyReply): FastifyReply {
    context.eventMetrics.count(answer);
    if (!answer.ok) return sendRefusal(reply, answer.refusal.code, answer.refusal.path);
    return reply
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(answer.enrichment));
  }
}
