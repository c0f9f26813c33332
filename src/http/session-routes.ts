import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { composeSession } from '../enrichment/compose-session.ts';
import { learnStream } from '../enrichment/learn-stream.ts';
import { RefusedRequest } from '../errors.ts';
import { Type } from '../json-schema.ts';
import { recallSession } from '../session/recall-session.ts';
import { sendRefusal } from './refusal-handler.ts';
import { bytesOf, streamBodies } from './request-stream.ts';
import { refusal, STREAM_BODY, shared } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const Session = {
  title: 'Session',
  type: 'object',
  required: ['access_key_id', 'origin'],
  additionalProperties: false,
  properties: {
    access_key_id: Type.String(),
    origin: shared('Origin'),
    uses: Type.Object(
      {
        first_seen: Type.Optional(Type.String({ description: 'ISO 8601 in UTC' })),
        addresses: Type.Array(Type.String()),
        distinct_ips: Type.Integer(),
        from_console: Type.Boolean(),
      },
      { additionalProperties: false },
    ),
  },
};

const recallSchema = {
  tags: ['knowledge'],
  summary: 'What is known of one credential: its origin, its chain, its uses.',
  description:
    'Rests on the issuances and uses that were seen. An event may say more of its own credential (an instance, a sign-in with aws login), which only /enrich answers.',
  params: Type.Object({ accessKeyId: Type.String({ examples: ['ASIAIOSFODNN7PRDADMN'] }) }),
  response: {
    200: { description: 'The credential', content: { 'application/json': { schema: Session } } },
    404: refusal('Nothing is known of it'),
  },
};

const Learned = Type.Object(
  {
    records: Type.Integer({ description: 'Records read' }),
    learned: Type.Integer({ description: 'Records that hand out a credential, now remembered' }),
    ignored: Type.Integer({ description: 'Records that hand out none' }),
    failed: Type.Integer({ description: 'Records that could not be read' }),
  },
  { additionalProperties: false },
);

const learnSchema = {
  tags: ['knowledge'],
  summary: 'Learns who was given which credential from earlier records, and nothing else.',
  description: 'For a backfill before the first events: takes what /enrich/batch takes.',
  body: STREAM_BODY,
  response: {
    200: { description: 'Counts', content: { 'application/json': { schema: Learned } } },
    400: refusal('The body is empty, or its compression is broken'),
    415: refusal('The content encoding is not supported'),
    503: refusal('The request waited too long: the service is busy'),
  },
};

export function registerSessionRoutes(parent: FastifyInstance, context: ServiceContext): void {
  parent.get<{ Params: { accessKeyId: string } }>(
    '/sessions/:accessKeyId',
    { schema: recallSchema, config: { scope: 'read' } },
    async (request, reply) => {
      const { sessions, session } = context.enrichment;
      const recalled = await recallSession(sessions, request.params.accessKeyId, session.now());
      return recalled === undefined
        ? sendRefusal(reply, 'unknown_session', 'accessKeyId')
        : composeSession(recalled);
    },
  );
  parent.register(async (app) => {
    streamBodies(app, context);
    app.post<{ Body: Readable | undefined }>(
      '/sessions',
      { schema: learnSchema, config: { scope: 'learn' } },
      async (request) => {
        const { enrichment, config } = context;
        const counts = await learnStream(bytesOf(request), enrichment, config.bodyLimitBytes);
        if (counts === undefined) throw new RefusedRequest({ code: 'empty_body' });
        return counts;
      },
    );
  });
}
