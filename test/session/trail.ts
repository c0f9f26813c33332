import { NO_KNOWLEDGE, NOW, recordOf } from '../../harness/session-events.ts';
import {
  composeIssued,
  composeOrigin,
  composeSourceCheck,
  type IssuedOutput,
  type SourceCheckOutput,
} from '../../src/enrichment/compose-origin.ts';
import { composeSession } from '../../src/enrichment/compose-session.ts';
import type { OriginOutput } from '../../src/enrichment/origin-schema.ts';
import type { SessionOutput } from '../../src/enrichment/session-schema.ts';
import type { JsonObject } from '../../src/event/json.ts';
import type { SnapshotRow } from '../../src/session/memory-rows.ts';
import { MemoryStore } from '../../src/session/memory-store.ts';
import { recallSession } from '../../src/session/recall-session.ts';
import { rowOfLine } from '../../src/session/session-row-text.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { type SessionContext, type SessionTrace, traceSession } from '../../src/session/trace-session.ts';
import type { Networks } from '../../src/tables/network-table.ts';

export interface Answer {
  origin?: OriginOutput;
  source_check?: SourceCheckOutput;
  issued?: IssuedOutput;
}

/** Asks one store, of whatever kind. */
export interface Asker {
  (source: JsonObject, context?: Partial<SessionContext>): Answer | Promise<Answer>;
  /** What is then known of a key. */
  recall(accessKeyId: string): Recalled | Promise<Recalled>;
}

export type Recalled = SessionOutput | undefined;

export async function recallFrom(store: SessionStore, accessKeyId: string): Promise<Recalled> {
  const recalled = await recallSession(store, accessKeyId, NOW);
  return recalled && composeSession(recalled);
}

export function ask(store: SessionStore, source: JsonObject, context: Partial<SessionContext> = {}): Answer {
  const trace = traceSession(recordOf(source), store, {
    ...NO_KNOWLEDGE,
    now: () => NOW,
    learn: true,
    ...context,
  });
  if (trace instanceof Promise) throw new Error('the memory store answers at once');
  return answerOf(trace);
}

/** As the service does: first it catches up with what other replicas changed. */
export async function askLater(
  store: SessionStore,
  source: JsonObject,
  context: Partial<SessionContext> = {},
): Promise<Answer> {
  const asked = () =>
    traceSession(recordOf(source), store, { ...NO_KNOWLEDGE, now: () => NOW, learn: true, ...context });
  const moment = await store.catchUp();
  const trace = await (moment === undefined ? asked() : moment.run(asked));
  if (trace.problems.length > 0) throw new Error(`not answered by the shared store`);
  return answerOf(trace);
}

function answerOf(trace: SessionTrace): Answer {
  return {
    ...(trace.origin && { origin: composeOrigin(trace.origin) }),
    ...(trace.sourceCheck && { source_check: composeSourceCheck(trace.sourceCheck) }),
    ...(trace.issued && { issued: composeIssued(trace.issued) }),
  };
}

/** What a store remembers, as it would be restored. */
export function rowsOf(store: MemoryStore): SnapshotRow[] {
  return [...store.dump()].map(rowOfLine).filter((row) => row !== undefined);
}

export function newStore(maxSessions = 1000): MemoryStore {
  return new MemoryStore({ maxSessions });
}

/** The documentation ranges, shared out among a provider, another one, a hosting provider and AWS. */
const V4_NETWORKS: readonly (readonly [first: number, last: number, asn: number])[] = [
  [v4(203, 0, 113, 0), v4(203, 0, 113, 127), 64500],
  [v4(203, 0, 113, 192), v4(203, 0, 113, 239), 64510],
  [v4(203, 0, 113, 240), v4(203, 0, 113, 255), 16509],
  [v4(198, 51, 100, 0), v4(198, 51, 100, 127), 64500],
  [v4(198, 51, 100, 128), v4(198, 51, 100, 255), 64502],
  [v4(192, 0, 2, 0), v4(192, 0, 2, 63), 64510],
  [v4(192, 0, 2, 64), v4(192, 0, 2, 127), 16509],
];

function v4(a: number, b: number, c: number, d: number): number {
  return ((a * 256 + b) * 256 + c) * 256 + d;
}

export const TEST_NETWORKS: Networks = {
  asnOfV4: (address) => V4_NETWORKS.find(([first, last]) => address >= first && address <= last)?.[2],
  asnOfV6: (high, low) => {
    if (high !== 0x20010db8) return undefined;
    const site = low >>> 16;
    return site === 1 ? 64500 : site === 2 ? 64502 : site === 3 || site === 4 ? 14618 : undefined;
  },
  isAws: (asn) => asn === 16509 || asn === 14618,
  isHosting: (asn) => asn === 64510,
};
