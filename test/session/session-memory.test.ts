import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sessionKeyOf, sessionKeysNear } from '../../src/session/credential-key.ts';
import { NO_ROW } from '../../src/session/row-cells.ts';
import { SessionMemory } from '../../src/session/session-memory.ts';
import { ValuePool } from '../../src/session/value-pool.ts';

const PRINCIPALS = fc.constantFrom(
  'AROAEXAMPLE:a',
  'AROAEXAMPLE:b',
  '',
  'ключ',
  'x'.repeat(256),
  'x'.repeat(257),
);
/** Where one digit becomes two, and a carry goes through all of them; and before the epoch. */
const SECONDS = fc.oneof(
  fc.integer({ min: -12, max: 12 }),
  fc.integer({ min: 95, max: 105 }),
  fc.integer({ min: 1_799_999_995, max: 1_800_000_005 }),
);
const CREATED = fc.tuple(PRINCIPALS, SECONDS);

test('the sessions near a second are those that are found by their keys, the nearest first', () => {
  fc.assert(
    fc.property(fc.array(CREATED, { maxLength: 30 }), CREATED, (sessions, [principalId, second]) => {
      const memory = new SessionMemory(100, new ValuePool(), () => undefined);
      for (const [principal, at] of [...sessions, [principalId, second + 1] as const]) {
        const key = sessionKeyOf(principal, at * 1000);
        if (key !== undefined) memory.row(key, principal, 1);
      }
      const byKey = sessionKeysNear(principalId, second * 1000)
        .map((key) => memory.find(key, 1))
        .filter((row) => row !== NO_ROW);
      expect(memory.near(principalId, second * 1000, 1)).toEqual(byKey);
      expect(byKey.length > 0).toBe(principalId.length <= 256);
    }),
  );
});
