import type { FastifyInstance } from 'fastify';
import { Type } from '../json-schema.ts';
import { sendRefusal } from './refusal-handler.ts';
import { refusal } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const Status = Type.Object({ status: Type.String() }, { additionalProperties: false });

/** Kubernetes probes: alive means that the process answers, ready that it wants traffic. */
export function registerProbeRoutes(app: FastifyInstance, context: ServiceContext): void {
  for (const url of ['/livez', '/healthz']) {
    app.get(
      url,
      {
        config: { scope: 'none' },
        schema: { tags: ['operations'], summary: 'Is the process alive?', response: { 200: Status } },
      },
      () => ({ status: 'ok' }),
    );
  }
  app.get(
    '/readyz',
    {
      config: { scope: 'none' },
      schema: {
        tags: ['operations'],
        summary: 'Does the service want traffic? 503 while it drains.',
        response: { 200: Status, 503: refusal('Draining') },
      },
    },
    (_request, reply) => (context.stopping ? sendRefusal(reply, 'not_ready') : { status: 'ready' }),
  );
}
