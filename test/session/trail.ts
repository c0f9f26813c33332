import {
  composeIssued,
  composeOrigin,
  composeSourceCheck,
  type IssuedOutput,
  type OriginOutput,
  type SourceCheckOutput,
} from '../../src/enrichment/compose-origin.ts';
import type { CloudTrailRecord } from '../../src/event/cloudtrail-record.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { parseRecord } from '../../src/event/parse-record.ts';
import { MemoryStore } from '../../src/session/memory-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { type SessionContext, traceSession } from '../../src/session/trace-session.ts';

export interface Answer {
  origin?: OriginOutput;
  source_check?: SourceCheckOutput;
  issued?: IssuedOutput;
}

export const NOW = Date.parse('2026-11-24T12:00:00Z');

export function recordOf(source: JsonObject): CloudTrailRecord {
  const parsed = parseRecord(source);
  if (!parsed.ok) throw new Error(`not a record: ${parsed.refusal.code}`);
  return parsed.record;
}

export function ask(store: SessionStore, source: JsonObject, context: Partial<SessionContext> = {}): Answer {
  const trace = traceSession(recordOf(source), store, { now: () => NOW, learn: true, ...context });
  if (trace instanceof Promise) throw new Error('the memory store answers at once');
  return {
    ...(trace.origin && { origin: composeOrigin(trace.origin) }),
    ...(trace.sourceCheck && { source_check: composeSourceCheck(trace.sourceCheck) }),
    ...(trace.issued && { issued: composeIssued(trace.issued) }),
  };
}

export function newStore(maxSessions = 10_000): MemoryStore {
  return new MemoryStore({ maxSessions });
}
