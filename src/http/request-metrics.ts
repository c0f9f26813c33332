import type { FastifyInstance } from 'fastify';
import { headOf } from './request-head.ts';
import { PHASE, type ServiceContext } from './service-context.ts';

/**
 * Counts and times every answer of the routes of this scope. /enrich counts its own: a hook costs as much as its work.
 */
export function registerRequestMetrics(app: FastifyInstance, context: ServiceContext): void {
  app.addHook('onRequest', (_request, reply, done) => {
    if (context.phase >= PHASE.lingering) reply.header('connection', 'close');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    context.requestMeter.route(route).answered(reply.statusCode, headOf(request.raw));
    // The answer to a batch may have begun before it could say that it is the last one of its connection.
    if (context.phase >= PHASE.closing) request.raw.socket.destroySoon();
    done();
  });
}
