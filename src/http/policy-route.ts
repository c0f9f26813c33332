import type { FastifyInstance } from 'fastify';
import { ACCOUNT_ID, isAccountId } from '../account-id.ts';
import { type AnalysisRequest, analyzeDocument } from '../enrichment/analyze-document.ts';
import { ProblemSchema } from '../enrichment/enrichment.ts';
import { CloudsplainingAnalysisSchema, PolicyAnalysisSchema } from '../enrichment/policy-schema.ts';
import type { Refusal } from '../errors.ts';
import { isObject, type JsonObject } from '../event/json.ts';
import { parseWithinLimits } from '../event/json-limits.ts';
import { Type } from '../json-schema.ts';
import { POLICY_KINDS } from '../tables/policy-events.ts';
import { POLICY_MODES } from '../tables/policy-tables.ts';
import { refuseEncoded } from './plain-body.ts';
import { sendRefusal } from './refusal-handler.ts';
import { refusal } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';

const Request = Type.Object(
  {
    policy: Type.Object({}, { description: 'The policy document; JSON text of one is taken too' }),
    kind: Type.Optional(
      Type.Enum([...POLICY_KINDS], {
        default: 'identity',
        description:
          'What the policy is attached to; mode `cloudsplaining` takes `identity` and `trust` only',
      }),
    ),
    mode: Type.Optional(
      Type.Enum([...POLICY_MODES], {
        default: 'effective',
        description:
          "What the policy really allows, or what Cloudsplaining's rules find in it, to the letter",
      }),
    ),
    account: Type.Optional(
      Type.String({
        pattern: ACCOUNT_ID.source,
        description:
          'Account that the policy lies in; without it every account that is named counts as another one',
      }),
    ),
    flag_all: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "Cloudsplaining's `--flag-all-risky-actions`: statements count as if they had no condition, and resource `*`. " +
          'Kind `identity`, mode `cloudsplaining` only',
      }),
    ),
  },
  {
    additionalProperties: false,
    // Cloudsplaining finds nothing in an object that is no policy, and refuses none; it has no rules for resource
    // policies, and no switch for trust policies. No anyOf here: clients made from the contract would make a request of
    // each alternative, of its fields alone.
    if: { properties: { mode: { const: 'cloudsplaining' } }, required: ['mode'] },
    else: {
      properties: {
        policy: { anyOf: [{ required: ['Statement'] }, { required: ['Effect'] }] },
        flag_all: { type: 'boolean', const: false },
      },
    },
    not: {
      anyOf: [
        {
          properties: { mode: { const: 'cloudsplaining' }, kind: { const: 'resource' } },
          required: ['mode', 'kind'],
        },
        {
          properties: { flag_all: { const: true }, kind: { const: 'trust' } },
          required: ['flag_all', 'kind'],
        },
      ],
    },
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
    analysis: Type.Union([PolicyAnalysisSchema, CloudsplainingAnalysisSchema], {
      description: 'By the mode that was asked for',
    }),
    problems: Type.Optional(
      Type.Array(ProblemSchema, { description: 'Parts of the document that could not be used' }),
    ),
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
    415: refusal('The body is compressed'),
  },
};

const options = { schema, config: { scope: 'enrich' } } as const;

export function registerPolicyRoute(app: FastifyInstance, context: ServiceContext): void {
  app.post<{ Body: string | undefined }>('/policies/analyze', options, (request, reply) => {
    refuseEncoded(request);
    const asked = readRequest(request.body ?? '');
    if ('code' in asked) return sendRefusal(reply, asked.code, asked.path, asked.detail);
    const analyzed = analyzeDocument(asked, context.enrichment.knowledge.policyAnalyzer);
    if (!analyzed.ok)
      return sendRefusal(reply, analyzed.code, analyzed.problem.path, analyzed.problem.message);
    return {
      analysis: analyzed.analysis,
      ...(analyzed.problems.length > 0 && { problems: analyzed.problems }),
    };
  });
}

const FIELDS = Object.keys(Request.properties);

/** With what to do, where the place alone does not tell it. */
type ToldRefusal = Refusal & { readonly detail?: string };

const HOW_TO_ASK = 'Send {"policy": ...} around the document.';
const KNOWN_FIELDS = `There is a field that is not known; these are: ${FIELDS.join(', ')}.`;

function readRequest(body: string): AnalysisRequest | ToldRefusal {
  // Trimmed of a byte order mark too, as other doors take it, and as editors and PowerShell write it.
  const parsed = parse(body.trim());
  if ('code' in parsed) return parsed;
  const { asked } = parsed;
  const { policy, kind = 'identity', mode = 'effective', account, flag_all: flagAll = false } = asked;
  if (policy === undefined) return { code: 'bad_request', path: 'policy', detail: HOW_TO_ASK };
  const unknown = Object.keys(asked).some((field) => !FIELDS.includes(field));
  if (unknown) return { code: 'bad_request', detail: KNOWN_FIELDS };
  if (!isOneOf(POLICY_KINDS, kind)) return { code: 'bad_request', path: 'kind' };
  if (!isOneOf(POLICY_MODES, mode)) return { code: 'bad_request', path: 'mode' };
  if (Array.isArray(policy)) return { code: 'bad_request', path: 'policy' };
  if (!isAccount(account)) return { code: 'bad_request', path: 'account' };
  if (typeof flagAll !== 'boolean') return { code: 'bad_request', path: 'flag_all' };
  return { policy, kind, mode, account, flagAll };
}

function parse(body: string): { readonly asked: JsonObject } | ToldRefusal {
  if (body === '') return { code: 'empty_body' };
  const parsed = parseWithinLimits(body);
  if (typeof parsed === 'string') return { code: parsed };
  return isObject(parsed.value) ? { asked: parsed.value } : { code: 'bad_request', detail: HOW_TO_ASK };
}

function isOneOf<T>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}

function isAccount(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && isAccountId(value));
}
