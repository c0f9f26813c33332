import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { composeSession } from '../enrichment/compose-session.ts';
import { learnStream } from '../enrichment/learn-stream.ts';
import { LearnedSchema, SessionSchema } from '../enrichment/session-schema.ts';
import { RefusedRequest } from '../errors.ts';
import { Type } from '../json-schema.ts';
import { recallSession } from '../session/recall-session.ts';
import { sendRefusal } from './refusal-handler.ts';
import { bytesOf, streamBodies } from './request-stream.ts';
import { refusal, STREAM_BODY, shared } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const Session = {
  ...SessionSchema,
  properties: { ...SessionSchema.properties, origin: shared('Origin') },
};

const recallSchema = {
  tags: ['knowledge'],
  summary: 'What is known of one credential: its origin, its chain, its uses.',
  description:
    'Rests on the issuances and uses that were seen. An event may say more of its own credential (an instance, a sign-in with aws login), which only /enrich answers.',
  params: Type.Object({ accessKeyId: Type.String({ examples: ['ASIAIOSFODNN7PRDADMN'] }) }),
  response: {
    200: { description: 'The credential', content: { 'application/json': { schema: Session } } },
    400: refusal('The path cannot be read, or is too long'),
    404: refusal('Nothing is known of it'),
  },
};

const learnSchema = {
  tags: ['knowledge'],
  summary: 'Learns which credentials were issued to whom, from earlier records; answers counts only.',
  description: 'For a backfill before the first events. The body is what /enrich/batch takes.',
  body: STREAM_BODY,
  response: {
    200: { description: 'Counts', content: { 'application/json': { schema: LearnedSchema } } },
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
      const { sessions, knowledge } = context.enrichment;
      const recalled = await recallSession(sessions, request.params.accessKeyId, knowledge.session.now());
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
