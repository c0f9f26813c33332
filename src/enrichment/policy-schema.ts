import { Type } from '../json-schema.ts';
import { CONFIDENCES, MOST_NAMED, POLICY_RISKS } from '../policy/policy-findings.ts';
import { POLICY_KINDS, POLICY_OPERATIONS } from '../tables/policy-events.ts';
import { CLOUDSPLAINING_CATEGORIES, SEVERITIES } from '../tables/policy-tables.ts';
import { RISK_CATEGORIES } from '../tables/risk-table.ts';
import { object, optional, text, texts } from './schema-words.ts';

const categories = Type.Array(Type.Enum([...RISK_CATEGORIES]), {
  description: 'Kinds of harm that the findings stand for',
});

const kind = Type.Enum([...POLICY_KINDS], {
  description: 'What the policy is attached to: an identity, a role as its trust, or a resource',
});

export const PolicyFindingSchema = object(
  {
    risk: Type.Enum([...POLICY_RISKS], { description: 'What was found' }),
    severity: Type.Enum([...SEVERITIES], { description: 'How grave it is' }),
    confidence: Type.Enum([...CONFIDENCES], {
      description:
        'high: nothing stands in its way; medium: a weak condition, a Deny of a part, or only some names; ' +
        'low: a strong condition, a Deny of all others, both of what makes medium, or some roles only',
    }),
    method: optional(text('Escalation method')),
    actions: texts('IAM actions; for service_wildcard, service prefixes; * for all'),
    principals: optional(texts('Who gets in: *, accounts, services or identity providers')),
    statements: Type.Array(Type.Integer({ minimum: 0 }), {
      description: 'Places of the statements that allow it, from 0',
    }),
    why: text('One sentence'),
  },
  'Something that the policy allows',
);

const PolicyCountsSchema = object(
  Object.fromEntries(
    POLICY_RISKS.map((risk) => [
      risk,
      optional(Type.Integer({ minimum: 0, description: `How many of ${risk}` })),
    ]),
  ),
  'How many methods, actions, services or principals each risk has',
);

const Change = object(
  {
    known_before: Type.Boolean({ description: 'Whether an earlier version was seen' }),
    added: texts(
      'Findings that the earlier version did not have, or less sure or less grave, such as ' +
        'privilege_escalation:PutUserPolicy; and whom a trust policy newly lets in, trust:<ARN, account or service>',
    ),
    removed: texts('Findings, and trusted principals, that only the earlier version had'),
  },
  'Against the version that was in force before, by eventTime',
);

const Principal = object(
  {
    name: text('user/..., group/..., role/... or an ARN'),
    policies: Type.Integer({ minimum: 0, description: 'How many of its policies are known' }),
    findings: Type.Array(PolicyFindingSchema, { description: 'Methods that it opened, or made surer' }),
  },
  'What the call opened to the principal, with the policies that it had already',
);

const Lockout = object(
  {
    total: Type.Boolean({ description: 'Nobody is spared' }),
    spared: texts('Other accounts that are let in all the same'),
  },
  'A Deny shuts out everyone whom the policy is about',
);

const trusted = texts(
  `Whom a trust policy lets in, of the own account too, at most ${MOST_NAMED}: accounts, ARNs, services, providers; behind a blank the tenant of a provider that serves everyone, or whom a condition leaves of an account; * for everyone`,
);

/**
 * The answer's `policy`: docs/policy-checks.md says what each finding means.
 *
 * What is long comes last: Splunk looks for fields in the first 5,000 characters of an event only (limits.conf, [spath]
 * extraction_cutoff), and the findings of an administrator policy take 30,000.
 */
export const PolicySchema = object(
  {
    kind,
    operation: Type.Enum([...POLICY_OPERATIONS], { description: 'What the call does to the policy' }),
    limits: optional(
      Type.Boolean({
        description: 'true: it grants nothing by itself, and its findings are what it lets through',
      }),
    ),
    name: optional(text('Name of the policy')),
    arn: optional(text('ARN of the policy')),
    version_id: optional(text('Version, such as v3')),
    applies_to: optional(texts('Who or what the policy is for')),
    effective_now: Type.Boolean({ description: 'In force after this call' }),
    lifts_deny: optional(
      Type.Boolean({
        description:
          'true: a policy that only denied a whole service, or what gives rights or credentials, is taken away or ' +
          'replaced by one that denies less, or a group with nothing else is left',
      }),
    ),
    self_grant: Type.Boolean({ description: 'The caller is the one who gains' }),
    analysed: Type.Boolean({ description: 'Whether the content of the policy is known' }),
    counts: optional(PolicyCountsSchema),
    categories: optional(categories),
    admin: optional(Type.Boolean({ description: 'As good as AdministratorAccess' })),
    public: optional(Type.Boolean({ description: 'Lets everyone in' })),
    services: optional(texts('Services that the findings touch; * for all')),
    external_accounts: optional(texts('Other accounts that it lets in')),
    trusted: optional(trusted),
    lockout: optional(Lockout),
    findings: optional(
      Type.Array(PolicyFindingSchema, {
        description: `Each lists at most ${MOST_NAMED} actions; POST /policies/analyze lists all`,
      }),
    ),
    change: optional(Change),
    principal: optional(Principal),
  },
  'What the policy that the call carries or moves allows',
);

const LeftOut = object(
  {
    findings: Type.Integer({ minimum: 0, description: 'Findings that are missing' }),
    actions: Type.Integer({ minimum: 0, description: 'Actions that are missing' }),
  },
  'How many findings, and actions of findings, are not listed; only where many accounts are let in',
);

export const PolicyAnalysisSchema = object(
  {
    mode: Type.Enum(['effective'], { description: 'How the policy was read' }),
    kind,
    counts: PolicyCountsSchema,
    categories,
    admin: Type.Boolean({ description: 'As good as AdministratorAccess' }),
    public: Type.Boolean({ description: 'Lets everyone in' }),
    services: texts('Services that the findings touch; * for all'),
    external_accounts: texts('Other accounts that it lets in'),
    trusted: optional(trusted),
    lockout: optional(Lockout),
    findings: Type.Array(PolicyFindingSchema, { description: 'Each with all its actions' }),
    left_out: optional(LeftOut),
  },
  'What a policy really allows, with all actions listed',
);

const escalation = object(
  { type: text('Method'), actions: texts('Required actions') },
  'A method of privilege escalation',
);

/** The name that a category of Cloudsplaining has in the answer. */
export function answerNameOf(category: string): string {
  return category.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const CategorySeverities = object(
  Object.fromEntries(
    CLOUDSPLAINING_CATEGORIES.map((category) => {
      const name = answerNameOf(category);
      return [name, Type.Enum([...SEVERITIES], { description: `Of ${name}` })];
    }),
  ),
  "Cloudsplaining's severity of each category",
);

export const CloudsplainingAnalysisSchema = object(
  {
    mode: Type.Enum(['cloudsplaining'], { description: 'How the policy was read' }),
    kind: Type.Enum(['identity', 'trust'], { description: 'What the policy is attached to' }),
    severity: CategorySeverities,
    privilege_escalation: optional(Type.Array(escalation, { description: 'Methods' })),
    resource_exposure: optional(texts('Actions')),
    data_exfiltration: optional(texts('Actions')),
    credentials_exposure: optional(texts('Actions')),
    service_wildcard: optional(texts('Service prefixes')),
    infrastructure_modification: optional(texts('Actions')),
    services_affected: optional(texts('Service prefixes')),
    assumable_by_compute_service: optional(texts('Service names')),
    assumable_by_cross_account_principal: optional(texts('Principals')),
    assumable_by_any_principal: optional(texts('Principals')),
    assumable_by_any_principal_with_conditions: optional(texts('Principals')),
  },
  "Cloudsplaining's findings, in its terms and order",
);
