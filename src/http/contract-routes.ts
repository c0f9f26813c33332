import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Type } from '../json-schema.ts';
import { refusal, SHARED_SCHEMAS } from './schemas.ts';

const DESCRIPTION = `CloudTrail in details: what an AWS CloudTrail event can do, what attack it belongs to,
who stands behind its credentials, and what the policy in it allows.`.replaceAll('\n', ' ');

/** The contract is made from the routes' schemas: must be registered before them. `isSecure`: served over TLS. */
export async function registerContract(
  app: FastifyInstance,
  version: string,
  isSecure: boolean,
): Promise<void> {
  app.addHook('onRoute', describeAccess);
  for (const [name, schema] of Object.entries(SHARED_SCHEMAS)) app.addSchema({ ...schema, $id: name });
  await app.register(swagger, {
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => String(json['$id'] ?? `schema-${index}`),
    },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Det{R}ails',
        description: DESCRIPTION,
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A token of DETRAILS_TOKENS_FILE' },
          basic: { type: 'http', scheme: 'basic', description: 'Its name as user, the token as password' },
        },
      },
      // The empty alternative: a service on loopback asks for no credential.
      security: [{}, { bearer: [] }, { basic: [] }],
      servers: [{ url: 'http://127.0.0.1:8080' }],
      tags: [
        { name: 'enrichment', description: 'Events in, answers out' },
        { name: 'knowledge', description: 'What the tables and the memory hold' },
        { name: 'operations', description: 'Probes, metrics and the contract itself' },
      ],
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: (policy) => (isSecure ? policy : withoutUpgrade(policy)),
    uiHooks: { onRequest: protectPages },
  });
}

/** Over plain HTTP it would send a browser to a port that speaks no TLS for every script, and leave the page blank. */
function withoutUpgrade(policy: string): string {
  return policy.replace(/\s*upgrade-insecure-requests;?/, '');
}

/** What any route answers, whatever it does, to a caller who may not ask. Probes are for anyone. */
function describeAccess(route: RouteOptions): void {
  const { schema, config } = route;
  if (schema === undefined || config?.scope === undefined) return;
  if (config.scope === 'none') {
    route.schema = { ...schema, security: [] };
    return;
  }
  const response = {
    ...(schema.response as object),
    401: refusal('Credentials are asked for, and the request has none that is valid'),
    403: refusal(
      route.method === 'POST'
        ? `The credential lacks the scope ${config.scope}, or a page of another site sent it`
        : `The credential lacks the scope ${config.scope}`,
    ),
    429: refusal('Too many wrong credentials came from this address: wait for Retry-After'),
  };
  route.schema = { ...schema, response };
}

/** Pages are for reading: nothing may frame them, guess their types, or learn where the reader came from. */
function protectPages(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.headers({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  done();
}

/** Serves the contract where people look for it. */
export function registerContractRoutes(app: FastifyInstance): void {
  const schema = (type: string) => ({
    tags: ['operations'],
    summary: 'This contract.',
    response: { 200: { description: 'OpenAPI 3.1', content: { [type]: { schema: Type.Any() } } } },
  });
  app.get(
    '/openapi.yaml',
    { schema: schema('application/yaml'), config: { scope: 'read' } },
    (_request, reply) =>
      reply.header('content-type', 'application/yaml; charset=utf-8').send(app.swagger({ yaml: true })),
  );
  app.get('/openapi.json', { schema: schema('application/json'), config: { scope: 'read' } }, () =>
    app.swagger(),
  );
}
