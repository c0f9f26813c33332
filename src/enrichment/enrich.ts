import { outcomeOf } from '../action/call-outcome.ts';
import { identifyAction } from '../action/identify-action.ts';
import type { Refusal } from '../errors.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { type ParsedRecord, parseRecord, parseRecordText } from '../event/parse-record.ts';
import type { Tables } from '../tables/tables.ts';
import { composeEnrichment } from './compose-enrichment.ts';
import type { Enrichment } from './enrichment.ts';
import { scoreRisk } from './score-risk.ts';

/** What an answer rests on besides the event itself. */
export interface EnrichmentContext {
  /** Swapped as a whole on reload: an event takes it once and keeps to it. */
  tables: Tables;
}

export type Answer =
  | { readonly ok: true; readonly enrichment: Enrichment; readonly record: CloudTrailRecord }
  | { readonly ok: false; readonly refusal: Refusal };

/** The answer to the text of a request: one record, in whatever envelope. */
export function enrichText(text: string, context: EnrichmentContext): Answer {
  return enrich(parseRecordText(text), context);
}

/** The answer to a value that was parsed already. */
export function enrichValue(value: unknown, context: EnrichmentContext): Answer {
  return enrich(parseRecord(value), context);
}

function enrich(parsed: ParsedRecord, context: EnrichmentContext): Answer {
  if (!parsed.ok) return parsed;
  const { record, problems } = parsed;
  const { tables } = context;
  const identified = identifyAction(record, tables);
  const outcome = outcomeOf(record, tables.errorOutcomes);
  const threat =
    record.eventSource && record.eventName
      ? tables.threats.find(record.eventSource, record.eventName)
      : undefined;
  const call = tables.risks.ofCall(identified.actions.map((action) => action.id));
  const risk = scoreRisk({ call, outcome }, tables.riskWeights);
  return {
    ok: true,
    record,
    enrichment: composeEnrichment({ record, problems, tables, identified, outcome, threat, call, risk }),
  };
}
