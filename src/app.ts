import { Ajv } from 'ajv';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { registerActionRoute } from './http/action-route.ts';
import { registerAllowedMethods } from './http/allowed-methods.ts';
import { registerBatchRoute } from './http/batch-route.ts';
import { registerContract, registerContractRoutes } from './http/contract-routes.ts';
import { registerEnrichRoute } from './http/enrich-route.ts';
import { registerMetricsRoute } from './http/metrics-route.ts';
import { registerPolicyRoute } from './http/policy-route.ts';
import { registerProbeRoutes } from './http/probe-routes.ts';
import { registerRefusalHandler } from './http/refusal-handler.ts';
import { registerRequestMetrics } from './http/request-metrics.ts';
import type { ServiceContext } from './http/service-context.ts';
import { registerSessionRoutes } from './http/session-routes.ts';
import { logOptions } from './observability/log-options.ts';

/**
 * Logstash's http client keeps a connection for as long as the server says it will; longer than the 60 s and 75 s
 * after which proxies in between close theirs, so that it is never the server that breaks a connection in use.
 */
const KEEP_ALIVE_MILLISECONDS = 90_000;

/** The whole service but its process: plugins and routes, in order. Tests inject into it. */
export async function buildApp(context: ServiceContext): Promise<FastifyInstance> {
  const app = Fastify({
    logger: logOptions(context.config.logLevel),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: context.config.bodyLimitBytes,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
  });
  const parameters = new Ajv({ coerceTypes: true, useDefaults: true });
  // Bodies are read by parsers that say themselves what is wrong, and where.
  app.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === 'body' ? () => true : parameters.compile(schema),
  );
  // Answers are strings or made by JSON.stringify; the schemas are the contract and are held to by tests.
  app.setSerializerCompiler(() => JSON.stringify);
  acceptAnyContentType(app);
  registerRefusalHandler(app);
  registerAllowedMethods(app);
  registerRequestMetrics(app, context);
  await registerContract(app, context.version);
  registerEnrichRoute(app, context);
  registerBatchRoute(app, context);
  registerPolicyRoute(app, context);
  registerSessionRoutes(app, context);
  registerActionRoute(app, context);
  registerProbeRoutes(app, context);
  registerMetricsRoute(app, context);
  registerContractRoutes(app);
  return app;
}

/** Logstash says text/plain by default; what a body is, its text tells. */
function acceptAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
