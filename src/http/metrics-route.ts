import type { FastifyInstance } from 'fastify';
import { Type } from '../json-schema.ts';
import type { ServiceContext } from './service-context.ts';

export function registerMetricsRoute(app: FastifyInstance, context: ServiceContext): void {
  const { registry } = context.metrics;
  app.get(
    '/metrics',
    {
      config: { scope: 'metrics' },
      schema: {
        tags: ['operations'],
        summary: 'Metrics in the Prometheus text format.',
        response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => {
      context.eventMetrics.refresh(context.memory.sessions, context.shared !== undefined);
      context.storeMetrics.refresh(context.shared);
      context.requestMeter.flush();
      context.metrics.inFlight.set(context.connections?.inFlight ?? 0);
      context.metrics.refresh(context.enrichment.knowledge.session.now());
      return reply.header('content-type', registry.contentType).send(await registry.metrics());
    },
  );
}
