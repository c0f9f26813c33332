import { Ajv } from 'ajv';
import Fastify, { type FastifyInstance } from 'fastify';
import { registerActionRoute } from './http/action-route.ts';
import { registerAllowedMethods } from './http/allowed-methods.ts';
import { registerBatchRoute } from './http/batch-route.ts';
import { registerContract, registerContractRoutes } from './http/contract-routes.ts';
import { registerEnrichRoute } from './http/enrich-route.ts';
import { registerMetricsRoute } from './http/metrics-route.ts';
import { registerPolicyRoute } from './http/policy-route.ts';
import { registerProbeRoutes } from './http/probe-routes.ts';
import { registerRefusalHandler } from './http/refusal-handler.ts';
import { readHead } from './http/request-head.ts';
import { registerRequestMetrics } from './http/request-metrics.ts';
import type { ServiceContext } from './http/service-context.ts';
import { registerSessionRoutes } from './http/session-routes.ts';

/**
 * Logstash's http client keeps a connection for as long as the server says it will; longer than the 60 s and 75 s
 * after which proxies in between close theirs, so that it is never the server that breaks a connection in use.
 */
const KEEP_ALIVE_MILLISECONDS = 90_000;

/** The whole service but its process: plugins and routes, in order. Tests inject into it. */
export async function buildApp(context: ServiceContext): Promise<FastifyInstance> {
  const app = Fastify({
    // Problems are logged by context.log: a logger of Fastify's would cost every request a child and two listeners.
    logger: false,
    bodyLimit: context.config.bodyLimitBytes,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: readHead,
  });
  const parameters = new Ajv({ coerceTypes: true, useDefaults: true });
  // Bodies are read by parsers that say themselves what is wrong, and where.
  app.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === 'body' ? () => true : parameters.compile(schema),
  );
  // Answers are strings or made by JSON.stringify; the schemas are the contract and are held to by tests.
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  registerRefusalHandler(app, context.log);
  registerAllowedMethods(app, context);
  await registerContract(app, context.version);
  registerEnrichRoute(app, context);
  app.register(async (scope) => registerOtherRoutes(scope, context));
  return app;
}

/** All that is called once in a while, and metered by hooks. */
function registerOtherRoutes(app: FastifyInstance, context: ServiceContext): void {
  registerRequestMetrics(app, context);
  registerBatchRoute(app, context);
  registerPolicyRoute(app, context);
  registerSessionRoutes(app, context);
  registerActionRoute(app, context);
  registerProbeRoutes(app, context);
  registerMetricsRoute(app, context);
  registerContractRoutes(app);
}
