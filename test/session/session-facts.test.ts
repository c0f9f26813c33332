import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SessionRow } from '../../src/session/memory-rows.ts';
import {
  compareSightings,
  mergeFacts,
  type SessionFacts,
  type Sighting,
} from '../../src/session/session-facts.ts';
import { decodeRow, encodeRow } from '../../src/session/session-row-text.ts';
import { mergeUse, type Use } from '../../src/session/use.ts';

const V4 = ['192.0.2.1', '198.51.100.7'];
const V6 = ['2001:db8::5', '2001:db8:3::5'];

const SIGHTING: fc.Arbitrary<Sighting> = fc
  .record({
    address: fc.constantFrom(...V4, ...V6, '10.0.0.5'),
    client: fc.constantFrom('aws-cli', 'boto3', undefined),
    time: fc.nat(9),
    eventId: fc.constantFrom('a', 'b', 'c', undefined),
  })
  .map(({ time, ...one }) => ({
    ...one,
    time: time * 1000,
    isPrivate: one.address === '10.0.0.5',
    vpcEndpointId: undefined,
    vpcEndpointAccountId: undefined,
  }));

function learned(sightings: readonly Sighting[]): SessionRow {
  const row = new SessionRow('AROAEXAMPLE:one 1', 'one', 0);
  for (const sighting of sightings) mergeUse(row, { time: sighting.time, sighting } as Use);
  return row;
}

function merged(...rows: readonly SessionFacts[]): SessionRow {
  const all = learned([]);
  for (const row of rows) mergeFacts(all, row);
  return all;
}

const earliest = ({ earliestPublic, earliestPrivate, earliestOfOtherFamily }: SessionFacts) => ({
  earliestPublic,
  earliestPrivate,
  earliestOfOtherFamily,
});

const SEEN = fc.array(SIGHTING, { maxLength: 12 });

describe('the earliest uses of a session', () => {
  test('are the smallest of each family, whichever came first', () => {
    fc.assert(
      fc.property(SEEN, (seen) => {
        const smallest = (addresses: readonly string[]) =>
          seen.filter(({ address }) => addresses.includes(address)).sort(compareSightings)[0];
        const families = [smallest(V4), smallest(V6)].filter((one) => one !== undefined);
        const [first, other] = families.sort(compareSightings);
        expect(earliest(learned(seen))).toEqual({
          earliestPublic: first,
          earliestPrivate: smallest(['10.0.0.5']),
          earliestOfOtherFamily: other,
        });
      }),
    );
  });

  test('are the same in any order, however often, and however replicas merge them', () => {
    const three = fc.tuple(SEEN, SEEN, SEEN);
    fc.assert(
      fc.property(three, ([a, b, c]) => {
        const all = earliest(learned([...a, ...b, ...c]));
        expect(earliest(learned([...c, ...b, ...a, ...b]))).toEqual(all);
        const [one, two, three] = [learned(a), learned(b), learned(c)];
        expect(earliest(merged(merged(one, two), three))).toEqual(all);
        expect(earliest(merged(one, merged(three, two)))).toEqual(all);
        expect(earliest(merged(three, two, one, two, three))).toEqual(all);
      }),
    );
  });

  test('are what their text says', () => {
    fc.assert(
      fc.property(SEEN, (seen) => {
        const row = learned(seen);
        const body = encodeRow(row.stored());
        const read = decodeRow('session', row.key, { body, keepUntil: 0 });
        expect(read?.kind === 'session' && earliest(read.facts)).toEqual(earliest(row));
      }),
    );
  });

  test('of one family make no row longer', () => {
    const [use] = fc.sample(
      SIGHTING.filter(({ address }) => V4.includes(address)),
      1,
    );
    const fields = JSON.parse(encodeRow(learned(use === undefined ? [] : [use]).stored()));
    expect(fields).toHaveLength(9);
  });

  test('of a row of an older release, which kept one family, are those that it kept', () => {
    const seen = ['2001:db8::5', '192.0.2.1'].map((address, time) => ({
      ...USE,
      address,
      time: time * 1000,
    }));
    const row = learned(seen);
    const fields = JSON.parse(encodeRow(row.stored()));
    const body = JSON.stringify(fields.slice(0, 9));
    const read = decodeRow('session', row.key, { body, keepUntil: 0 });
    if (read?.kind !== 'session') throw new Error('no row');
    expect(earliest(read.facts)).toEqual({ ...earliest(row), earliestOfOtherFamily: undefined });
    expect(earliest(merged(read.facts, row))).toEqual(earliest(row));
  });
});

const USE: Sighting = {
  time: 0,
  eventId: 'a',
  address: '192.0.2.1',
  isPrivate: false,
  client: 'boto3',
  vpcEndpointId: undefined,
  vpcEndpointAccountId: undefined,
};
