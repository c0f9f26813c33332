import { ClaimRow, SessionRow, type SnapshotRow, type StoredRow } from './memory-rows.ts';
import type { ForgottenKind, MemoryTables } from './memory-tables.ts';
import { mergeFacts } from './session-facts.ts';
import { sizeOf } from './small-set.ts';

export function* dumpRows(tables: MemoryTables): Generator<SnapshotRow> {
  const { claims, sessions, makers, sessionOfKey, evicted, earliestLearned } = tables;
  yield { kind: 'earliest', time: earliestLearned };
  for (const row of claims.rows()) yield row.stored();
  for (const row of sessions.rows()) yield row.stored();
  for (const key of [...makers.rkeys()]) yield { kind: 'makers', key, claims: makers.peek(key) ?? [] };
  for (const key of [...sessionOfKey.rkeys()])
    yield { kind: 'sessionOfKey', key, session: sessionOfKey.peek(key) ?? '' };
  for (const key of evicted.keys()) yield { kind: 'evicted', key };
}

export function storedRow(
  { claims, sessions, makers }: MemoryTables,
  kind: ForgottenKind,
  key: string,
): StoredRow | undefined {
  if (kind === 'session') return sessions.peek(key)?.stored();
  const row = claims.peek(key);
  if (row !== undefined) return row.stored();
  const made = makers.peek(key);
  return made && { kind: 'makers', key, claims: made };
}

export function absorbRow(tables: MemoryTables, stored: SnapshotRow): void {
  switch (stored.kind) {
    case 'earliest':
      tables.earliestLearned = Math.min(tables.earliestLearned, stored.time);
      break;
    case 'claims':
      if (stored.keepUntil >= tables.minute) absorbClaims(tables, ClaimRow.restored(stored, tables.pool));
      break;
    case 'session':
      if (stored.keepUntil >= tables.minute) absorbSession(tables, SessionRow.restored(stored, tables.pool));
      break;
    case 'makers':
      tables.addMakers(stored.key, stored.claims);
      break;
    case 'sessionOfKey':
      tables.noteKey(stored.key, stored.session);
      break;
    case 'evicted':
      tables.evicted.add(stored.key);
  }
}

function absorbClaims({ claims, minute }: MemoryTables, row: ClaimRow): void {
  const known = claims.get(row.key, minute);
  if (known === undefined) claims.add(row, minute);
  else known.add(row.all, row.keepUntil);
}

function absorbSession(tables: MemoryTables, row: SessionRow): void {
  const { sessions, minute } = tables;
  const known = sessions.get(row.key, minute);
  if (known === undefined) {
    tables.pending += sizeOf(row.pending);
    sessions.add(row, minute);
    return;
  }
  tables.pending -= sizeOf(known.pending);
  mergeFacts(known, row);
  tables.pending += sizeOf(known.pending);
  known.prolong(row.keepUntil);
}
