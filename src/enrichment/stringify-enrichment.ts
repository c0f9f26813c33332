import type { Enrichment } from './enrichment.ts';

/** The parts that rest on the call alone: the same objects, and so the same text, for all calls of a kind. */
type Head = Pick<Enrichment, 'version' | 'tables' | 'action' | 'threat' | 'mitre' | 'risk'>;

interface KnownHead {
  readonly head: Head;
  readonly text: string;
}

const knownHeads = new WeakMap<Enrichment['risk'], KnownHead>();

/** The answer as JSON: the same text that JSON.stringify gives, most of which is made once for each kind of call. */
export function stringifyEnrichment(enrichment: Enrichment): string {
  const { origin, source_check, issued, policy, related, problems } = enrichment;
  const rest = JSON.stringify({ origin, source_check, issued, policy, related, problems });
  const head = headText(enrichment);
  return rest === '{}' ? `${head}}` : `${head},${rest.slice(1)}`;
}

/** Without the closing brace. */
function headText(enrichment: Enrichment): string {
  const known = knownHeads.get(enrichment.risk);
  if (known !== undefined && isSame(known.head, enrichment)) return known.text;
  const { version, tables, action, threat, mitre, risk } = enrichment;
  const head = { version, tables, action, threat, mitre, risk } as Head;
  const text = JSON.stringify(head).slice(0, -1);
  if (Object.isFrozen(risk) && Object.isFrozen(action)) knownHeads.set(risk, { head, text });
  return text;
}

function isSame(a: Head, b: Head): boolean {
  return (
    a.action === b.action &&
    a.threat === b.threat &&
    a.mitre === b.mitre &&
    a.tables === b.tables &&
    a.version === b.version
  );
}
