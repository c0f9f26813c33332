import { ClaimRow, SessionRow, type StoredRow } from './memory-rows.ts';
import type { ForgottenKind, MemoryTables } from './memory-tables.ts';
import { mergeFacts } from './session-facts.ts';
import { sizeOf } from './small-set.ts';

export function* dumpRows(tables: MemoryTables): Generator<StoredRow> {
  const { claims, sessions, creators, sessionOfKey, evicted, earliestLearned } = tables;
  yield ['earliest', earliestLearned === Number.POSITIVE_INFINITY ? null : earliestLearned];
  for (const row of claims.rows()) yield row.stored();
  for (const row of sessions.rows()) yield row.stored();
  for (const key of [...creators.rkeys()]) yield ['creator', key, creators.peek(key) ?? []];
  for (const key of [...sessionOfKey.rkeys()]) yield ['key', key, sessionOfKey.peek(key) ?? ''];
  for (const key of evicted.keys()) yield ['evicted', key];
}

export function storedRow(
  { claims, sessions, creators }: MemoryTables,
  kind: ForgottenKind,
  key: string,
): StoredRow | undefined {
  if (kind === 'session') return sessions.peek(key)?.stored();
  const row = claims.peek(key);
  if (row !== undefined) return row.stored();
  const made = creators.peek(key);
  return made && ['creator', key, made];
}

export function absorbRow(tables: MemoryTables, stored: StoredRow): void {
  switch (stored[0]) {
    case 'earliest':
      tables.earliestLearned = Math.min(tables.earliestLearned, stored[1] ?? Number.POSITIVE_INFINITY);
      break;
    case 'claims':
      if (stored[3] >= tables.minute) absorbClaims(tables, ClaimRow.restored(stored, tables.pool));
      break;
    case 'session':
      if (stored[3] >= tables.minute) absorbSession(tables, SessionRow.restored(stored, tables.pool));
      break;
    case 'creator':
      tables.addMakers(stored[1], stored[2]);
      break;
    case 'key':
      tables.noteKey(stored[1], stored[2]);
      break;
    case 'evicted':
      tables.evicted.add(stored[1]);
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
