import { MAPPINGS } from '../action/identify-action.ts';
import { PROBLEMS, type ProblemCode } from '../errors.ts';
import { type Static, Type } from '../json-schema.ts';
import { ACCESS_LEVELS } from '../tables/action-table.ts';
import { CALL_OUTCOMES } from '../tables/error-outcomes.ts';
import { RISK_CATEGORIES, RISK_LEVELS } from '../tables/risk-table.ts';
import { IssuedSchema, OriginSchema, SourceCheckSchema } from './origin-schema.ts';
import { PolicySchema } from './policy-schema.ts';
import { object, optional, text, texts } from './schema-words.ts';

const reference = (description: string) =>
  object(
    { id: texts('ATT&CK ids'), name: texts('ATT&CK names'), reference: texts('Pages on attack.mitre.org') },
    description,
  );

const ActionSchema = object(
  {
    iam: optional(
      texts(
        'IAM actions: the called one first, then others that the call needs, passed roles last. Absent where unknown.',
      ),
    ),
    service: optional(text('IAM service prefix')),
    name: optional(text("IAM's name of the action, where it differs from eventName")),
    access_level: optional(
      Type.Enum([...ACCESS_LEVELS], {
        description: "AWS's access level of the called action",
      }),
    ),
    mapping: Type.Enum([...MAPPINGS], { description: 'How the action was found' }),
    outcome: Type.Enum([...CALL_OUTCOMES], {
      description: 'What came of the call: error is a failure for another reason than permission',
    }),
  },
  'The IAM action behind the event',
);

export const ThreatSchema = object(
  {
    framework: Type.Enum(['MITRE ATT&CK'], { description: 'Whose tactics and techniques' }),
    tactic: reference('Tactics, in parallel lists'),
    technique: object(
      {
        id: texts('ATT&CK ids'),
        name: texts('ATT&CK names'),
        reference: texts('Pages on attack.mitre.org'),
        subtechnique: optional(reference('Sub-techniques, in parallel lists')),
      },
      'Techniques, in parallel lists',
    ),
  },
  'ECS threat.*: ready to be renamed to the root of the event',
);

export const MitreSchema = Type.Array(
  object({
    tactic_id: text('ATT&CK tactic'),
    technique_id: text('ATT&CK technique or sub-technique'),
    sources: texts(
      'Rule sets that relate the call to the technique; `curated` or `rule` where it rests on our own reason',
    ),
    support: Type.Integer({ minimum: 0, description: 'How many independent sources say so' }),
  }),
  { description: "Pairs of tactic and technique, which ECS's parallel arrays lose" },
);

const RiskSchema = object(
  {
    categories: Type.Array(Type.Enum([...RISK_CATEGORIES]), {
      description: 'Kinds of harm that the call can do',
    }),
    action_level: Type.Enum([...RISK_LEVELS], {
      description: 'Of the action alone',
    }),
    score: Type.Integer({ minimum: 0, maximum: 100, description: 'Of this event' }),
    level: Type.Enum([...RISK_LEVELS], { description: 'Band of the score' }),
    services: texts('Services affected'),
    methods: texts('Escalation methods that this call is, or is part of'),
    reasons: texts(
      'One short sentence for each thing that made the score; of a record that is no API call, first what it is',
    ),
  },
  'What harm the call can do, and how much this event asks for attention',
);

export const ProblemSchema = object({
  path: text("Where, in CloudTrail's own names"),
  code: Type.Enum(Object.keys(PROBLEMS) as ProblemCode[], { description: 'See docs/errors.md' }),
  message: text('What is wrong'),
});

const RelatedSchema = object(
  { ip: optional(texts('Addresses')), user: optional(texts('Names of identities')) },
  'To append to ECS related.*',
);

/**
 * The answer, field by field: the one definition of its names and types. The HTTP contract (openapi.yaml) and the
 * TypeScript types are both made from it. A field with nothing to say is left out; it is never null, except in
 * source_check.compared, where null says that there is no data to compare.
 */
export const EnrichmentSchema = object(
  {
    version: text('Version of this format'),
    tables: text('Date of the newest table, YYYY-MM-DD'),
    action: ActionSchema,
    threat: optional(ThreatSchema),
    mitre: optional(MitreSchema),
    risk: RiskSchema,
    origin: optional(OriginSchema),
    source_check: optional(SourceCheckSchema),
    issued: optional(IssuedSchema),
    policy: optional(PolicySchema),
    related: optional(RelatedSchema),
    problems: optional(Type.Array(ProblemSchema, { description: 'Fields that could not be used' })),
  },
  { title: 'Enrichment' },
);

export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

export type Enrichment = DeepReadonly<Static<typeof EnrichmentSchema>>;
