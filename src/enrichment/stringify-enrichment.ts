import type { CallAnswer } from './call-answer.ts';
import type { EnrichedEvent } from './enrich.ts';
import type { Enrichment } from './enrichment.ts';

/**
 * The answer as JSON: the same text that JSON.stringify gives. What is the same for all calls of a kind, and for the
 * uses of a credential, is made once.
 */
export function stringifyEnrichment({ enrichment, call, use }: EnrichedEvent): string {
  const { origin, source_check, issued, policy, related, problems } = enrichment;
  const head = headText(enrichment, call);
  if (use.originText === undefined && use.checkText === undefined)
    return withRest(head, JSON.stringify({ origin, source_check, issued, policy, related, problems }));
  const originText = use.originText ?? JSON.stringify(origin);
  const checkText = use.checkText ?? JSON.stringify(source_check);
  const start = `${head}${field('origin', originText)}${field('source_check', checkText)}`;
  const isPlain = issued === undefined && policy === undefined && problems === undefined;
  if (isPlain) return related === undefined ? `${start}}` : `${start},"related":${relatedText(related)}}`;
  return withRest(start, JSON.stringify({ issued, policy, related, problems }));
}

/** @param text its value as JSON, which JSON.stringify leaves undefined where there is none */
function field(name: string, text: string | undefined): string {
  return text === undefined ? '' : `,"${name}":${text}`;
}

/** At most one address, which needs no escaping, and one name. */
function relatedText({ ip, user }: NonNullable<Enrichment['related']>): string {
  const name = user === undefined ? '' : JSON.stringify(user);
  if (ip === undefined) return `{"user":${name}}`;
  const address = `"ip":["${ip[0]}"]`;
  return user === undefined ? `{${address}}` : `{${address},"user":${name}}`;
}

/** @param rest an object as JSON, maybe an empty one */
function withRest(start: string, rest: string): string {
  return rest === '{}' ? `${start}}` : `${start},${rest.slice(1)}`;
}

/** Two names of one call may belong to different attacks; all else in the head follows from the call. */
function headText({ version, tables, action, threat, mitre, risk }: Enrichment, call: CallAnswer): string {
  const { head } = call;
  if (head !== undefined && head.threat === threat) return head.text;
  const text = JSON.stringify({ version, tables, action, threat, mitre, risk }).slice(0, -1);
  call.head = { threat, text };
  return text;
}
