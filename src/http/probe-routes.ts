import type { FastifyInstance } from 'fastify';
import { Type } from '../json-schema.ts';
import { sendRefusal } from './refusal-handler.ts';
import { refusal } from './schemas.ts';
import { PHASE, type ServiceContext } from './service-context.ts';

const answered = (status: 'ok' | 'ready', description: string) => ({
  description,
  content: {
    'application/json': {
      schema: Type.Object(
        { status: Type.Enum([status], { description: 'Always the same' }) },
        { additionalProperties: false },
      ),
    },
  },
});

/** Kubernetes probes: alive means that the process answers, ready that it wants traffic. */
export function registerProbeRoutes(app: FastifyInstance, context: ServiceContext): void {
  for (const url of ['/livez', '/healthz']) {
    app.get(
      url,
      {
        config: { scope: 'none' },
        schema: {
          tags: ['operations'],
          summary: 'Is the process alive?',
          response: { 200: answered('ok', 'The process answers') },
        },
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
        response: { 200: answered('ready', 'The service wants traffic'), 503: refusal('Draining') },
      },
    },
    (_request, reply) =>
      context.phase >= PHASE.stopping ? sendRefusal(reply, 'not_ready') : { status: 'ready' },
  );
}
