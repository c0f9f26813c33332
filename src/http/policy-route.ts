import type { FastifyInstance } from 'fastify';
import { analyzeDocument } from '../enrichment/analyze-document.ts';
import { ProblemSchema } from '../enrichment/enrichment.ts';
import { CloudsplainingAnalysisSchema, PolicyAnalysisSchema } from '../enrichment/policy-schema.ts';
import { isObject, type JsonObject } from '../event/json.ts';
import { Type } from '../json-schema.ts';
import type { PolicyKind } from '../tables/policy-events.ts';
import type { PolicyMode } from '../tables/policy-tables.ts';
import { sendRefusal } from './refusal-handler.ts';
import { refusal } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const KINDS: readonly PolicyKind[] = ['identity', 'trust', 'resource'];
const MODES: readonly PolicyMode[] = ['effective', 'cloudsplaining'];

const Request = Type.Object(
  {
    policy: Type.Any({ description: 'The policy document, as an object or as JSON text' }),
    kind: Type.Optional(Type.Enum([...KINDS], { default: 'identity' })),
    mode: Type.Optional(
      Type.Enum([...MODES], {
        default: 'effective',
        description: 'What the policy really allows, or exactly what Cloudsplaining finds in it',
      }),
    ),
    account: Type.Optional(
      Type.String({
        pattern: '^\\d{12}$',
        description:
          'Account that the policy lies in; without it every account that is named counts as another one',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }] },
        kind: 'identity',
        mode: 'effective',
      },
    ],
  },
);

const Answer = Type.Object(
  {
    analysis: Type.Union([PolicyAnalysisSchema, CloudsplainingAnalysisSchema]),
    problems: Type.Optional(Type.Array(ProblemSchema)),
  },
  { additionalProperties: false, title: 'PolicyAnalysis' },
);

const schema = {
  tags: ['enrichment'],
  summary: 'What a policy allows.',
  description:
    'The analysis that /enrich makes of a policy in an event, on demand, with every action listed.',
  body: { content: { 'application/json': { schema: Request } } },
  response: {
    200: { description: 'The analysis', content: { 'application/json': { schema: Answer } } },
    400: refusal('The request or the policy cannot be read'),
    413: refusal('The body is too large'),
  },
};

const options = { schema, config: { scope: 'enrich' } } as const;

export function registerPolicyRoute(app: FastifyInstance, context: ServiceContext): void {
  app.post<{ Body: string | undefined }>('/policies/analyze', options, (request, reply) => {
    const asked = parse(request.body ?? '');
    if (asked === undefined) return sendRefusal(reply, 'not_json');
    const { policy, kind = 'identity', mode = 'effective', account } = asked;
    if (!isOneOf(KINDS, kind)) return sendRefusal(reply, 'bad_request', 'kind');
    if (!isOneOf(MODES, mode)) return sendRefusal(reply, 'bad_request', 'mode');
    if (policy === undefined) return sendRefusal(reply, 'bad_request', 'policy');
    if (!isAccount(account)) return sendRefusal(reply, 'bad_request', 'account');
    const analyzed = analyzeDocument({ policy, kind, mode, account }, context.enrichment.policyAnalyzer);
    if (!analyzed.ok)
      return sendRefusal(reply, 'policy_invalid', analyzed.problem.path, analyzed.problem.message);
    return {
      analysis: analyzed.analysis,
      ...(analyzed.problems.length > 0 && { problems: analyzed.problems }),
    };
  });
}

function parse(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOneOf<T>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}

function isAccount(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && /^\d{12}$/.test(value));
}
