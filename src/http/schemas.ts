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

/** As far as a record must be one to be answered at all: whatever else it holds, and of whatever type, is taken. */
const RecordSchema = Type.Object(
  {
    eventName: Type.String({ minLength: 1, description: 'The call, or what else happened' }),
    eventSource: Type.String({ minLength: 1, description: 'Host name of the service' }),
  },
  {
    title: 'CloudTrailRecord',
    description:
      'A CloudTrail record, with all its other fields; AWS CloudTrail User Guide, "CloudTrail record contents"',
    // Said, so that clients that are made from the contract send the fields that it does not name too.
    additionalProperties: true,
  },
);

const record = { $ref: 'CloudTrailRecord#' };
const oneRecord = { type: 'array', items: record, minItems: 1, maxItems: 1 };

/** The envelopes that can be told by their shape. Texts that hold a record are taken too, and not in the schema. */
const EnvelopeSchema = {
  description: 'One record, bare or in an envelope that a carrier put around it',
  examples: [createPolicyVersion],
  anyOf: [
    record,
    oneRecord,
    {
      title: 'RecordsOfOne',
      type: 'object',
      required: ['Records'],
      properties: {
        Records: { description: 'The one record', anyOf: [oneRecord, record] },
      },
    },
    { title: 'EventBridgeEvent', type: 'object', required: ['detail'], properties: { detail: record } },
  ],
};

/** Schemas that stand in several places, or are too long for one: one entry of the contract's components each. */
export const SHARED_SCHEMAS = {
  CloudTrailRecord: RecordSchema,
  EnrichRequest: EnvelopeSchema,
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

const InPlace = Type.Object(
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
  { additionalProperties: false, title: 'RefusedRecord' },
);

/** One answer of a batch: an enrichment, or what was wrong at this place; either alone or within its record. */
export const BatchAnswer = {
  anyOf: [
    shared('Enrichment'),
    {
      title: 'MergedRecord',
      type: 'object',
      required: ['detrails'],
      properties: { detrails: shared('Enrichment') },
    },
    {
      title: 'MergedRefusal',
      type: 'object',
      required: ['detrails'],
      properties: { detrails: { ...InPlace, description: 'In place of the enrichment' } },
    },
    InPlace,
  ],
};

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
    'application/json': { schema: shared('EnrichRequest') },
  },
};

/** The body of a route that reads a stream of records. */
export const STREAM_BODY = {
  content: {
    // Without an example: clients made from the contract know no way to write this type down.
    'application/x-ndjson': { schema: Type.String({ description: 'One record a line' }) },
    'application/json': { schema: Type.Any({ examples: [[assumeRole, createPolicyVersion]] }) },
    'application/gzip': { schema: Type.String({ format: 'binary' }) },
  },
};
