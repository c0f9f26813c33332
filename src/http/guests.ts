import type { IncomingMessage } from 'node:http';
import type { EnrichmentContext } from '../enrichment/enrich.ts';
import { withoutLearning } from '../enrichment/without-learning.ts';
import type { ServiceContext } from './service-context.ts';

const GUEST = Symbol('asks, and is not learned from');

interface Marked extends IncomingMessage {
  [GUEST]?: true;
}

/** Of a request whose caller has not the scope `learn`. */
export function markGuest(request: IncomingMessage): void {
  (request as Marked)[GUEST] = true;
}

/** What a request is answered from: for a guest, something that forgets it at once. */
export function enrichmentOf(context: ServiceContext): (request: IncomingMessage) => EnrichmentContext {
  const { access, enrichment } = context;
  if (access === undefined) return () => enrichment;
  const guests = withoutLearning(enrichment);
  return (request) => ((request as Marked)[GUEST] ? guests : enrichment);
}
