import type { KnownRow, RowKind } from '../shared-rows/known-row.ts';
import type { SharedRows } from '../shared-rows/shared-rows.ts';
import type { Claim } from './claim.ts';
import { MOST_STEPS } from './lineage.ts';
import type { StoredRow } from './memory-rows.ts';
import type { MemoryStore } from './memory-store.ts';
import { ROW_KINDS } from './session-rows.ts';
import type { SessionExchange } from './session-store.ts';
import { textsOf } from './small-set.ts';

export type SharedRow = KnownRow<StoredRow>;

/** The rows of sessions, by their kinds. */
export type SessionKinds = { readonly [Kind in keyof typeof ROW_KINDS]: RowKind<StoredRow> };

export function sessionKindsOf(rows: SharedRows<StoredRow>): SessionKinds {
  const { claims, session, sessionOfKey, earliest } = ROW_KINDS;
  return {
    claims: rows.kind(claims),
    session: rows.kind(session),
    sessionOfKey: rows.kind(sessionOfKey),
    earliest: rows.kind(earliest),
  };
}

/** The one row of its kind. */
export const EARLIEST = '';

export interface RowFinder<Kind = RowKind<StoredRow>, Row = SharedRow> {
  /** The one row of a kind and a key. */
  rowOf(kind: Kind, key: string): Row;
}

interface Known<Kind> {
  readonly memory: MemoryStore;
  readonly kinds: { readonly [Name in keyof typeof ROW_KINDS]: Kind };
}

/**
 * The rows that learning an event may add to, as far as they are known by now, which is before it is learned. The
 * memory has to have passed to the exchange's time.
 */
export function learnedRows<Kind, Row>(
  exchange: SessionExchange,
  known: Known<Kind>,
  finder: RowFinder<Kind, Row>,
): Row[] {
  const { memory, kinds } = known;
  const { learnedTime = Number.POSITIVE_INFINITY, issuance, use } = exchange;
  const rows = learnedTime < memory.earliestLearned ? [finder.rowOf(kinds.earliest, EARLIEST)] : [];
  if (issuance !== undefined) {
    rows.push(finder.rowOf(kinds.claims, issuance.subject));
    if (issuance.claim.session !== undefined) rows.push(finder.rowOf(kinds.session, issuance.claim.session));
    addParents(rows, issuance.claim, known, finder);
    // Of several claims on one key the earliest says who the parents are.
    addParents(rows, memory.claims(issuance.subject)?.[0], known, finder);
  }
  if (use === undefined) return rows;
  const { session, accessKeyId } = use;
  rows.push(finder.rowOf(kinds.session, session));
  const claims = accessKeyId === undefined ? undefined : memory.claims(accessKeyId);
  if (accessKeyId !== undefined) {
    rows.push(finder.rowOf(kinds.claims, accessKeyId));
    const isIssuedFor = claims?.some((claim) => claim.session === session) === true;
    if (!isIssuedFor) rows.push(finder.rowOf(kinds.sessionOfKey, accessKeyId));
  }
  if (claims !== undefined) {
    addParents(rows, claims[0], known, finder);
    return rows;
  }
  for (const issued of textsOf(memory.session(session)?.issued)) {
    rows.push(finder.rowOf(kinds.claims, issued));
    addParents(rows, memory.claims(issued)?.[0], known, finder);
  }
  return rows;
}

/** Parents live as long as their children. */
function addParents<Kind, Row>(
  rows: Row[],
  claim: Claim | undefined,
  { memory, kinds }: Known<Kind>,
  finder: RowFinder<Kind, Row>,
): void {
  let parent = claim?.requester.accessKeyId;
  for (let step = 0; step < MOST_STEPS && parent?.startsWith('ASIA') === true; step++) {
    const row = finder.rowOf(kinds.claims, parent);
    if (rows.includes(row)) return;
    rows.push(row);
    parent = memory.claims(parent)?.[0]?.requester.accessKeyId;
  }
}
