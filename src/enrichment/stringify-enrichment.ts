import type { CallAnswer } from './call-answer.ts';
import type { EnrichedEvent } from './enrich.ts';
import type { Enrichment } from './enrichment.ts';

/** The answer as JSON: the same text that JSON.stringify gives. Its head is made once for each kind of call. */
export function stringifyEnrichment({ enrichment, call }: EnrichedEvent): string {
  const { origin, source_check, issued, policy, related, problems } = enrichment;
  const rest = JSON.stringify({ origin, source_check, issued, policy, related, problems });
  const head = headText(enrichment, call);
  return rest === '{}' ? `${head}}` : `${head},${rest.slice(1)}`;
}

/** Two names of one call may belong to different attacks; all else in the head follows from the call. */
function headText({ version, tables, action, threat, mitre, risk }: Enrichment, call: CallAnswer): string {
  const { head } = call;
  if (head !== undefined && head.threat === threat) return head.text;
  const text = JSON.stringify({ version, tables, action, threat, mitre, risk }).slice(0, -1);
  call.head = { threat, text };
  return text;
}
