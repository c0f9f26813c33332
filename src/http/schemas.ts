import { EnrichmentSchema } from '../enrichment/enrichment.ts';
import { REFUSALS } from '../errors.ts';
import { Type } from '../json-schema.ts';

/** RFC 9457 problem+json, as every refusal leaves the service. */
export const ProblemDocumentSchema = Type.Object(
  {
    title: Type.String({ description: 'What is wrong' }),
    status: Type.Integer(),
    code: Type.Enum(Object.keys(REFUSALS), { description: 'See docs/errors.md' }),
    path: Type.Optional(Type.String({ description: "Where, in the sender's own field names" })),
    detail: Type.Optional(Type.String({ description: 'What to do' })),
  },
  { additionalProperties: false, description: 'RFC 9457 problem document' },
);

/** The response entry of a refusal, in its own media type. */
export function refusal(description: string) {
  return { description, content: { 'application/problem+json': { schema: ProblemDocumentSchema } } };
}

/** One answer of a batch: an enrichment, a record merged with its enrichment, or what was wrong at this place. */
export const BatchAnswer = Type.Union([
  EnrichmentSchema,
  Type.Object({ detrails: EnrichmentSchema }, { title: 'MergedRecord', additionalProperties: true }),
  Type.Object(
    {
      error: Type.Object(
        {
          code: Type.String(),
          message: Type.String(),
          path: Type.Optional(Type.String()),
          index: Type.Integer({ minimum: 0, description: 'Place in the batch, from 0' }),
        },
        { additionalProperties: false },
      ),
    },
    { title: 'RecordError', additionalProperties: false },
  ),
]);

/** The body of a route that reads a stream of records; @fastify/swagger takes one schema a media type. */
export const STREAM_BODY = {
  content: {
    'application/x-ndjson': { schema: Type.String() },
    'application/json': { schema: Type.Any() },
    'application/gzip': { schema: Type.String({ format: 'binary' }) },
  },
};
