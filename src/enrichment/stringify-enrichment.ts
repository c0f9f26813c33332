import type { CallAnswer } from './call-answer.ts';
import type { EnrichedEvent } from './enrich.ts';
import type { Enrichment } from './enrichment.ts';

/**
 * The answer as JSON: the same text that JSON.stringify gives. What is the same for all calls of a kind, and for all
 * uses of a credential, is made once.
 */
export function stringifyEnrichment(event: EnrichedEvent): string {
  const { origin, source_check, issued, policy, related, problems } = event.enrichment;
  const head = headText(event.enrichment, event.call);
  const lineage = event.lineage?.text;
  if (origin === undefined || lineage === undefined) {
    const rest = JSON.stringify({ origin, source_check, issued, policy, related, problems });
    return rest === '{}' ? `${head}}` : `${head},${rest.slice(1)}`;
  }
  const { status, join, confidence, reason, credential, source_identity, late } = origin;
  const use = JSON.stringify({ status, join, confidence, reason, credential, source_identity, late });
  const rest = JSON.stringify({ source_check, issued, policy, related, problems });
  const known = `${head},"origin":${use.slice(0, -1)},${lineage}}`;
  return rest === '{}' ? `${known}}` : `${known},${rest.slice(1)}`;
}

/** Two names of one call may belong to different attacks; all else in the head follows from the call. */
function headText({ version, tables, action, threat, mitre, risk }: Enrichment, call: CallAnswer): string {
  const { head } = call;
  if (head !== undefined && head.threat === threat) return head.text;
  const text = JSON.stringify({ version, tables, action, threat, mitre, risk }).slice(0, -1);
  call.head = { threat, text };
  return text;
}
