import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/event/json.ts';
import type { MemoryStore } from '../../src/session/memory-store.ts';
import { HISTORY } from './history.ts';
import { ask, newStore, rowsOf } from './trail.ts';

const RUNS = { numRuns: 300 };

/** What is remembered, without what is a note on delivery: which uses came before their issuance. */
function stateOf(store: MemoryStore): unknown[] {
  const rows: unknown[] = [];
  for (const row of rowsOf(store)) {
    if (row.kind === 'earliest') rows.push(row);
    if (row.kind === 'claims') rows.push([row.key, row.claims]);
    if (row.kind === 'session') rows.push([row.key, { ...row.facts, pending: undefined, pendingUnnamed: 0 }]);
  }
  return rows.map((row) => JSON.stringify(row)).sort();
}

function learn(events: readonly JsonObject[]): MemoryStore {
  const store = newStore();
  for (const event of events) ask(store, event);
  return store;
}

/** A history and another order of it, in which any event may come a second time. */
const REORDERED = HISTORY.chain((history) =>
  fc
    .shuffledSubarray([...history.events, ...history.events], {
      minLength: history.events.length,
      maxLength: history.events.length * 2,
    })
    .map((some) => ({ ...history, other: [...some, ...[...history.events].reverse()] })),
);

test('any order of delivery, with repetitions, ends in the same state and the same answers', () => {
  fc.assert(
    fc.property(REORDERED, ({ events, other }) => {
      const [store, otherStore] = [learn(events), learn(other)];
      expect(stateOf(otherStore)).toEqual(stateOf(store));
      for (const event of events) {
        const { origin, source_check } = ask(store, event);
        expect(ask(otherStore, event)).toMatchObject({ origin, source_check });
      }
    }),
    RUNS,
  );
});

test('the answer to a duplicate is identical', () => {
  fc.assert(
    fc.property(HISTORY, ({ events }) => {
      const store = newStore();
      for (const event of events) expect(ask(store, event)).toEqual(ask(store, event));
    }),
    RUNS,
  );
});

test('who may not learn gets the answer and leaves no trace', () => {
  fc.assert(
    fc.property(HISTORY, ({ events }) => {
      const store = learn(events.slice(1));
      const before = [...store.dump()].map((row) => JSON.stringify(row)).sort();
      for (const event of events) ask(store, event, { learn: false });
      expect([...store.dump()].map((row) => JSON.stringify(row)).sort()).toEqual(before);
    }),
    RUNS,
  );
});

test('a chain is never longer than eight, and as long as it says', () => {
  fc.assert(
    fc.property(HISTORY, ({ events }) => {
      const store = learn(events);
      for (const event of events) {
        const { origin } = ask(store, event);
        expect(origin?.chain?.length ?? 0).toBeLessThanOrEqual(8);
        expect(origin?.chain_depth).toBe(origin?.chain?.length);
      }
    }),
    RUNS,
  );
});

test("no one's credentials are traced to anyone else", () => {
  fc.assert(
    fc.property(HISTORY, ({ events, owners }) => {
      const store = learn(events);
      for (const event of events) {
        const { origin } = ask(store, event);
        if (origin?.status !== 'found' || origin.chain_complete !== true || origin.conflict === true)
          continue;
        expect(origin.root?.arn).toBe(
          `arn:aws:iam::111122223333:user/${owners.get(String(event['eventID']))}`,
        );
      }
    }),
    RUNS,
  );
});

test('an event from the future is answered and not remembered', () => {
  fc.assert(
    fc.property(HISTORY, ({ events }) => {
      const store = newStore();
      for (const event of events) ask(store, event, { now: () => Date.parse('2026-11-24T07:00:00Z') });
      expect(store.entries).toBe(0);
    }),
    { numRuns: 50 },
  );
});
