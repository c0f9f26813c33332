import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SessionCells } from '../../src/session/session-cells.ts';
import { areSameFacts, type Sighting } from '../../src/session/session-facts.ts';
import { sizeOf } from '../../src/session/small-set.ts';
import { mergeUse, type Use } from '../../src/session/use.ts';
import { FACTS } from './session-values.ts';

const ROWS = 3;
const STEPS = fc.array(fc.tuple(fc.nat({ max: ROWS - 1 }), fc.option(FACTS, { nil: undefined })), {
  maxLength: 30,
});

test('a cell says what was last written to it, and a row that comes says nothing', () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const sessions = new SessionCells();
      const rows = Array.from({ length: ROWS }, (_, i) => sessions.cells.take(`row ${i}`));
      const nothing = sessions.read(rows[0] as number);
      const written = new Map(rows.map((row) => [row, nothing]));
      for (const [i, facts] of steps) {
        const row = rows[i] as number;
        if (facts === undefined) {
          sessions.forget(row);
          sessions.cells.release(row);
          rows[i] = sessions.cells.take(`row ${i}`);
        } else sessions.write(row, facts);
        written.set(row, facts ?? nothing);
        for (const [one, facts] of written) expect(sessions.read(one)).toEqual(facts);
        for (const [one, facts] of written) expect(areSameFacts(sessions.told(one), facts)).toBe(true);
        for (const [one, facts] of written) expect(sessions.isSeen(one)).toBe(facts.firstSeen !== undefined);
        const pending = [...written.values()].reduce((sum, { pending }) => sum + sizeOf(pending), 0);
        expect(sessions.pending).toBe(pending);
      }
      for (const row of rows) sessions.forget(row);
      expect([sessions.shared, sessions.pending]).toEqual([0, 0]);
      expect(nothing).toMatchObject({ isConsole: false, isWorkload: false, pendingUnnamed: 0 });
      expect(nothing.firstSeen).toBeUndefined();
    }),
  );
});

function useFrom(time: number, sighting: Sighting | undefined, isConsole: boolean): Use {
  const who = { accessKeyId: 'ASIAEXAMPLE000000001', session: 'session', principal: 'AROAEXAMPLE' };
  return { ...who, time, ip: undefined, sighting, isConsole, isWorkload: false, pendingName: undefined };
}

/** Few values, so that many uses have something of another. */
const ALIKE: fc.Arbitrary<Use> = fc
  .record({
    time: fc.constantFrom(4, 5, 6),
    eventId: fc.constantFrom('id-1', 'id-2', undefined),
    address: fc.constantFrom('192.0.2.1', '192.0.2.1', '192.0.2.2'),
    isPrivate: fc.constant(false),
    client: fc.constantFrom('aws-cli', undefined),
    vpcEndpointId: fc.constant(undefined),
    vpcEndpointAccountId: fc.constant(undefined),
  })
  .chain((sighting) =>
    fc.boolean().map((isSeen) => useFrom(sighting.time, isSeen ? sighting : undefined, false)),
  );

test('a use that a cell has adds nothing', () => {
  let had = 0;
  fc.assert(
    fc.property(fc.array(ALIKE, { maxLength: 6 }), (uses) => {
      const sessions = new SessionCells();
      const row = sessions.cells.take('session');
      for (const use of uses) {
        const before = sessions.read(row);
        const after = { ...before };
        mergeUse(after, use);
        if (sessions.has(row, use)) {
          had++;
          expect(areSameFacts(before, after)).toBe(true);
        }
        sessions.write(row, after);
      }
    }),
  );
  expect(had).toBeGreaterThan(50);
});

test('what a session is seen with for the second time its cell has', () => {
  const sessions = new SessionCells();
  const row = sessions.cells.take('session');
  const seen = { client: 'aws-cli', vpcEndpointId: undefined, vpcEndpointAccountId: undefined };
  const sighting = { time: 5, eventId: 'id-2', address: '192.0.2.1', isPrivate: false, ...seen };
  const use = useFrom(5, sighting, false);
  const facts = sessions.read(row);
  mergeUse(facts, use);
  sessions.write(row, facts);
  const cases: readonly (readonly [Use, boolean])[] = [
    [use, true],
    [useFrom(6, { ...sighting, time: 6 }, false), true],
    [useFrom(6, undefined, false), true],
    [useFrom(5, { ...sighting, eventId: 'id-3' }, false), true],
    [useFrom(5, { ...sighting, eventId: 'id-1' }, false), false],
    [useFrom(4, { ...sighting, time: 4 }, false), false],
    [useFrom(4, undefined, false), false],
    [useFrom(6, { ...sighting, address: '192.0.2.2' }, false), false],
    [useFrom(6, { ...sighting, isPrivate: true }, false), false],
    [useFrom(6, undefined, true), false],
  ];
  expect(cases.map(([one]) => sessions.has(row, one))).toEqual(cases.map(([, has]) => has));
});
