import type { FastifyInstance } from 'fastify';
import { ActionDescriptionSchema, describeAction } from '../enrichment/describe-action.ts';
import { Type } from '../json-schema.ts';
import { sendRefusal } from './refusal-handler.ts';
import { refusal } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const schema = {
  tags: ['knowledge'],
  summary: 'What the tables say of one IAM action.',
  params: Type.Object({
    service: Type.String({ description: 'IAM service prefix, in any case', examples: ['iam'] }),
    name: Type.String({ description: 'Name of the action, in any case', examples: ['CreatePolicyVersion'] }),
  }),
  response: {
    200: { description: 'The action', content: { 'application/json': { schema: ActionDescriptionSchema } } },
    400: refusal('The path cannot be read, or is too long'),
    404: refusal('There is no such action'),
  },
};

export function registerActionRoute(app: FastifyInstance, context: ServiceContext): void {
  app.get<{ Params: { service: string; name: string } }>(
    '/actions/:service/:name',
    { schema, config: { scope: 'read' } },
    (request, reply) => {
      const { service, name } = request.params;
      return (
        describeAction(service, name, context.enrichment.knowledge.tables) ??
        sendRefusal(reply, 'unknown_action', 'name')
      );
    },
  );
}
