import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { Type } from '../json-schema.ts';
import { SHARED_SCHEMAS } from './schemas.ts';

const DESCRIPTION = `CloudTrail in details: what an AWS CloudTrail event can do, what attack it belongs to,
who stands behind its credentials, and what the policy in it allows.`.replaceAll('\n', ' ');

/** The contract is made from the routes' schemas: must be registered before them. */
export async function registerContract(app: FastifyInstance, version: string): Promise<void> {
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
      servers: [{ url: 'http://127.0.0.1:8080' }],
      tags: [
        { name: 'enrichment', description: 'Events in, answers out' },
        { name: 'knowledge', description: 'What the tables and the memory hold' },
        { name: 'operations', description: 'Probes, metrics and the contract itself' },
      ],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
}

/** Serves the contract where people look for it. */
export function registerContractRoutes(app: FastifyInstance): void {
  const schema = (type: string) => ({
    tags: ['operations'],
    summary: 'This contract.',
    response: { 200: { description: 'OpenAPI 3.1', content: { [type]: { schema: Type.Any() } } } },
  });
  app.get('/openapi.yaml', { schema: schema('application/yaml') }, (_request, reply) =>
    reply.header('content-type', 'application/yaml; charset=utf-8').send(app.swagger({ yaml: true })),
  );
  app.get('/openapi.json', { schema: schema('application/json') }, () => app.swagger());
}
