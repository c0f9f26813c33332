import type { Answer } from '../enrichment/enrich.ts';
import { stringifyEnrichment } from '../enrichment/stringify-enrichment.ts';
import { REFUSALS } from '../errors.ts';
import { problemDocument } from './refusal-handler.ts';

/** What /enrich writes, whichever way a request came in. */
export interface EnrichAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Logstash parses an answer only where its type is application/json to the letter, and cannot do without one. */
export const ENRICHMENT_TYPE = 'application/json; charset=utf-8';
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function enrichAnswerOf(answer: Answer): EnrichAnswer {
  if (answer.ok) return { status: 200, type: ENRICHMENT_TYPE, body: stringifyEnrichment(answer.enrichment) };
  const { code, path } = answer.refusal;
  return {
    status: REFUSALS[code].status,
    type: PROBLEM_TYPE,
    body: JSON.stringify(problemDocument(code, path)),
  };
}
