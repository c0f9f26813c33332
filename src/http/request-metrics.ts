import type { FastifyInstance } from 'fastify';
import type { Counter, Histogram } from 'prom-client';
import type { ServiceContext } from './service-context.ts';

/** Counts and times every request by its route's pattern, so that paths made up by callers add no label. */
export function registerRequestMetrics(app: FastifyInstance, context: ServiceContext): void {
  const { requests, duration, inFlight } = context.metrics;
  const counters = new Map<string, Counter.Internal>();
  const timers = new Map<string, Histogram.Internal<'route'>>();

  app.addHook('onRequest', (_request, reply, done) => {
    inFlight.inc();
    if (context.draining) reply.header('connection', 'close');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    inFlight.dec();
    const route = request.routeOptions.url ?? 'none';
    const code = reply.statusCode;
    const key = `${code} ${route}`;
    let counter = counters.get(key);
    if (counter === undefined) {
      counter = requests.labels({ route, code: String(code) });
      counters.set(key, counter);
    }
    counter.inc();
    let timer = timers.get(route);
    if (timer === undefined) {
      timer = duration.labels({ route });
      timers.set(route, timer);
    }
    timer.observe(reply.elapsedTime / 1000);
    done();
  });
}
