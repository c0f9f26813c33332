import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOW, recordOf } from '../../harness/session-events.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { issuanceOf } from '../../src/session/issuance.ts';
import { learnedRows, type RowFinder } from '../../src/session/learned-rows.ts';
import type { SnapshotRow } from '../../src/session/memory-rows.ts';
import type { MemoryStore } from '../../src/session/memory-store.ts';
import { ROW_KINDS } from '../../src/session/session-rows.ts';
import { useOf } from '../../src/session/use.ts';
import { HISTORY } from './history.ts';
import { newStore, rowsOf } from './trail.ts';

const MINUTE = 60_000;

/** Rows by their kind and key, as replicas share them. */
function sharedRowsOf(store: MemoryStore): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  for (const row of rowsOf(store)) {
    const name = nameOf(row);
    if (name !== undefined) rows.set(name, JSON.stringify(row));
  }
  return rows;
}

function nameOf(row: SnapshotRow): string | undefined {
  switch (row.kind) {
    case 'earliest':
      return Number.isFinite(row.time) ? `${ROW_KINDS.earliest} ` : undefined;
    case 'evicted':
      return undefined;
    case 'claims':
    case 'makers':
      return `${ROW_KINDS.claims} ${row.key}`;
    case 'session':
    case 'sessionOfKey':
      return `${ROW_KINDS[row.kind]} ${row.key}`;
  }
}

function learn(store: MemoryStore, event: JsonObject, now: number): { changed: string[]; noted: string[] } {
  const record = recordOf(event);
  const exchange = { now, learnedTime: record.eventTime, issuance: issuanceOf(record), use: useOf(record) };
  const finder: RowFinder<string, string> = { rowOf: (kind, key) => `${kind} ${key}` };
  const known = { memory: store, kinds: ROW_KINDS };
  store.passTo(now);
  const noted = learnedRows(exchange, known, finder);
  const before = sharedRowsOf(store);
  store.learn(exchange);
  const after = sharedRowsOf(store);
  return { noted, changed: [...after.keys()].filter((name) => after.get(name) !== before.get(name)) };
}

test('each row that learning an event changes is among those that are brought to other replicas', () => {
  const minutes = fc.array(fc.nat(5000), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(HISTORY, minutes, ({ events }, later) => {
      const store = newStore();
      let now = NOW;
      for (const [i, event] of [...events, ...[...events].reverse()].entries()) {
        now += (later[i % later.length] ?? 0) * (i % 7 === 0 ? MINUTE / 10 : 0);
        const { changed, noted } = learn(store, event, now);
        expect(noted).toEqual(expect.arrayContaining(changed));
      }
    }),
    { numRuns: 300 },
  );
});
