import type { ServerOptions } from 'node:https';
import { Ajv } from 'ajv';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { registerActionRoute } from './http/action-route.ts';
import { registerAllowedMethods } from './http/allowed-methods.ts';
import { registerBatchRoute } from './http/batch-route.ts';
import { answerBrokenRequest } from './http/broken-request.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './http/connection-limits.ts';
import { registerContract, registerContractRoutes } from './http/contract-routes.ts';
import { registerEnrichRoute } from './http/enrich-route.ts';
import { registerMetricsRoute } from './http/metrics-route.ts';
import { registerPolicyRoute } from './http/policy-route.ts';
import { registerProbeRoutes } from './http/probe-routes.ts';
import { refuseError, registerRefusalHandler } from './http/refusal-handler.ts';
import { readHead } from './http/request-head.ts';
import { registerRequestMetrics } from './http/request-metrics.ts';
import { registerAccess } from './http/scopes.ts';
import type { ServiceContext } from './http/service-context.ts';
import { registerSessionRoutes } from './http/session-routes.ts';
import { tlsOptions } from './http/tls.ts';

/** The whole service but its process: plugins and routes, in order. Tests inject into it. */
export async function buildApp(
  context: ServiceContext,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): Promise<FastifyInstance> {
  const app = Fastify({
    ...serverOptions(context, limits),
    // Problems are logged by context.log: a logger of Fastify's would cost every request a child and two listeners.
    logger: false,
    bodyLimit: context.config.bodyLimitBytes,
    keepAliveTimeout: limits.keepAlive,
    connectionTimeout: limits.silence,
    clientErrorHandler: answerBrokenRequest,
    // A path that cannot be decoded: Fastify's own answer would repeat it.
    frameworkErrors: (error, request, reply) => refuseError(error, request, reply, context.log),
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: readHead,
  });
  answerHalfClosed(app);
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
  registerAccess(app, context);
  registerAllowedMethods(app, context);
  await registerContract(app, context.version, context.config.tls !== undefined);
  registerEnrichRoute(app, context);
  app.addHook('onClose', async () => context.backlog.stop());
  app.register(async (scope) => registerOtherRoutes(scope, context));
  return app;
}

/**
 * A client may close its half of the connection once it has sent its request, and reads on. Node would close the other
 * half at once, and nothing but what is answered in the same turn of the event loop would reach it; with this property
 * of its servers (node:_http_server, not among the documented ones; test/reliability/faults.test.ts notices if it goes)
 * it waits for the answer.
 */
function answerHalfClosed({ server }: FastifyInstance): void {
  Object.assign(server, { httpAllowHalfOpen: true });
}

/** Over TLS too the routes are the same; only Fastify's types tell the two servers apart. */
function serverOptions({ config }: ServiceContext, limits: ConnectionLimits): FastifyServerOptions {
  const http = { headersTimeout: limits.headers, connectionsCheckingInterval: limits.sweep };
  const server: { http: ServerOptions } | { https: ServerOptions } =
    config.tls === undefined ? { http } : { https: { ...http, ...tlsOptions(config.tls) } };
  return server as FastifyServerOptions;
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
