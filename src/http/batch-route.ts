import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { enrichStream, StreamEnricher } from '../enrichment/enrich-stream.ts';
import { STREAM_OUTPUTS, type StreamOutput } from '../enrichment/stream-output.ts';
import { RefusedRequest } from '../errors.ts';
import { startingWith } from '../event/byte-source.ts';
import { Type } from '../json-schema.ts';
import { enrichmentOf } from './guests.ts';
import { bytesOf, streamBodies } from './request-stream.ts';
import { BatchAnswer, refusal, STREAM_BODY } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const schema = {
  tags: ['enrichment'],
  summary: 'Enriches a stream of CloudTrail records.',
  description:
    'Takes NDJSON, objects one behind the other, a JSON array, {"Records":[...]} or what `aws cloudtrail lookup-events` prints, gzip too, of any length; answers in the same order while it reads. A record that cannot be read is answered in its place. The answer to an array is an array; to all else, {"Records":[...]} too, it is lines.',
  querystring: Type.Object(
    {
      output: Type.Optional(
        Type.Enum([...STREAM_OUTPUTS], {
          default: 'enrichment' satisfies StreamOutput,
          description:
            '`merged` gives each record back, with a `detrails` field added (`detrails.error` where it was refused); bytes that are no UTF-8 become U+FFFD. What is no JSON, or too large, cannot be given back: `error` stands alone in its place',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  body: STREAM_BODY,
  response: {
    200: {
      description: 'One answer a record: an array for an array, else lines',
      content: {
        'application/x-ndjson': { schema: Type.String() },
        'application/json': { schema: { type: 'array', items: BatchAnswer } },
      },
    },
    400: refusal('The body is empty, or the request does not fit the contract'),
    415: refusal('The content encoding is not supported'),
    503: refusal('The request waited too long: the service is busy'),
  },
};

export function registerBatchRoute(parent: FastifyInstance, context: ServiceContext): void {
  parent.register(async (app) => {
    streamBodies(app, context);
    const enrichment = enrichmentOf(context);
    app.post<{ Querystring: { output?: StreamOutput }; Body: Readable | undefined }>(
      '/enrich/batch',
      { schema, config: { scope: 'enrich' } },
      async (request, reply) => {
        const bytes = bytesOf(request);
        const enricher = new StreamEnricher(enrichment(request.raw), {
          output: request.query.output ?? 'enrichment',
          recordLimitBytes: context.config.bodyLimitBytes,
          onAnswer: (answer) => context.eventMetrics.count(answer),
        });
        const answers = enrichStream(bytes, enricher);
        const first = await answers.next();
        if (enricher.form === undefined) throw new RefusedRequest({ code: enricher.failure ?? 'empty_body' });
        const type =
          enricher.form === 'array'
            ? 'application/json; charset=utf-8'
            : 'application/x-ndjson; charset=utf-8';
        const whole = first.done ? answers : startingWith(first.value, answers);
        return reply.header('content-type', type).send(Readable.from(whole));
      },
    );
  });
}
