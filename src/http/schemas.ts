import assumeRole from '../../examples/assume-role.json' with { type: 'json' };
import assumeRoleAnswer from '../../examples/assume-role-answer.json' with { type: 'json' };
import createPolicyVersion from '../../examples/create-policy-version.json' with { type: 'json' };
import { EnrichmentSchema } from '../enrichment/enrichment.ts';
import { OriginSchema } from '../enrichment/origin-schema.ts';
import { REFUSALS } from '../errors.ts';
import { Type } from '../json-schema.ts';

const code = Type.Enum(Object.keys(REFUSALS), { description: 'See docs/errors.md' });

/** RFC 9457 problem+json, as every refusal leaves the service. */
const ProblemDocumentSchema = Type.Object(
  {
    title: Type.String({ description: 'What is wrong' }),
    status: Type.Integer({ description: 'The HTTP status' }),
    code,
    path: Type.Optional(Type.String({ description: "Where, in the sender's own field names" })),
    detail: Type.Optional(Type.String({ description: 'What is wrong in particular, or what to do' })),
  },
  { additionalProperties: false, description: 'RFC 9457 problem document' },
);

/** Schemas that several routes answer with: one entry of the contract's components each. */
export const SHARED_SCHEMAS = {
  Enrichment: EnrichmentSchema,
  ProblemDocument: ProblemDocumentSchema,
  Origin: OriginSchema,
} as const;

export function shared(name: keyof typeof SHARED_SCHEMAS): { $ref: string } {
  return { $ref: `${name}#` };
}

/** The response entry of a refusal, in its own media type. */
export function refusal(description: string) {
  return { description, content: { 'application/problem+json': { schema: shared('ProblemDocument') } } };
}

/** One answer of a batch: an enrichment, a record merged with its enrichment, or what was wrong at this place. */
export const BatchAnswer = {
  anyOf: [
    shared('Enrichment'),
    { type: 'object', required: ['detrails'], properties: { detrails: shared('Enrichment') } },
    Type.Object(
      {
        error: Type.Object(
          {
            code,
            message: Type.String({ description: 'What is wrong' }),
            path: Type.Optional(Type.String({ description: "Where, in the sender's own field names" })),
            index: Type.Integer({ minimum: 0, description: 'Place in the batch, from 0' }),
          },
          { additionalProperties: false, description: 'Why the record at this place was not enriched' },
        ),
      },
      { additionalProperties: false },
    ),
  ],
};

/** As far as a record must be one to be answered at all: whatever else it holds, and of whatever type, is taken. */
const RecordSchema = Type.Object(
  {
    eventName: Type.String({ minLength: 1 }),
    eventSource: Type.String({ minLength: 1 }),
  },
  {
    title: 'CloudTrailRecord',
    description: 'A CloudTrail record; AWS CloudTrail User Guide, "CloudTrail record contents"',
  },
);

const oneRecord = Type.Array(RecordSchema, { minItems: 1, maxItems: 1 });

/** The envelopes that can be told by their shape. Texts that hold a record are taken too, and not in the schema. */
const EnvelopeSchema = Type.Union(
  [
    RecordSchema,
    oneRecord,
    Type.Object({ Records: Type.Union([oneRecord, RecordSchema]) }),
    Type.Object({ detail: RecordSchema }),
  ],
  { examples: [createPolicyVersion] },
);

/** The answer to one record. The example is that of examples/assume-role.json: of a day's tables, and short. */
export const ENRICHED = {
  'application/json': {
    schema: shared('Enrichment'),
    examples: { assumed_role: { summary: 'To a call of AssumeRole', value: assumeRoleAnswer } },
  },
};

/** The body of a route that reads one record, whatever content type it says. */
export const RECORD_BODY = {
  content: {
    'application/json': { schema: EnvelopeSchema },
  },
};

/** The body of a route that reads a stream of records. */
export const STREAM_BODY = {
  content: {
    // Without an example: clients made from the contract know no way to write this type down.
    'application/x-ndjson': { schema: Type.String({ description: 'One record a line' }) },
    'application/json': { schema: Type.Any({ examples: [{ Records: [assumeRole, createPolicyVersion] }] }) },
    'application/gzip': { schema: Type.String({ format: 'binary' }) },
  },
};
