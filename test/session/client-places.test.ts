import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_PLACES, unionOfPlaces, wasSeenAt, withPlace } from '../../src/session/client-places.ts';
import { SessionRow } from '../../src/session/memory-rows.ts';
import { mergeFacts, type SessionFacts, type Sighting } from '../../src/session/session-facts.ts';
import { decodeRow, encodeRow } from '../../src/session/session-row-text.ts';
import { textsOf } from '../../src/session/small-set.ts';
import { mergeUse, type Use } from '../../src/session/use.ts';

const PUBLIC = ['192.0.2.1', '192.0.2.10', '192.0.2.100', '198.51.100.7', '203.0.113.9', '2001:db8::5'];
const PRIVATE = ['10.0.0.5', '10.0.0.50'];
const CLIENTS = ['aws-cli', 'boto3', 'botocore', undefined];

const SIGHTING: fc.Arbitrary<Sighting> = fc
  .record({
    address: fc.constantFrom(...PUBLIC, ...PRIVATE),
    client: fc.constantFrom(...CLIENTS),
    time: fc.nat(20),
    eventId: fc.constantFrom('a', 'b', 'c'),
  })
  .map(({ time, ...one }) => ({
    ...one,
    time: time * 1000,
    isPrivate: PRIVATE.includes(one.address),
    vpcEndpointId: undefined,
    vpcEndpointAccountId: undefined,
  }));

function learned(sightings: readonly Sighting[]): SessionFacts {
  const row = new SessionRow('AROAEXAMPLE:one 1', 'one', 0);
  for (const sighting of sightings) mergeUse(row, { time: sighting.time, sighting } as Use);
  return row;
}

function merged(rows: readonly SessionFacts[]): SessionFacts {
  const all = learned([]);
  for (const row of rows) mergeFacts(all, row);
  return all;
}

const SEEN = fc.array(SIGHTING, { maxLength: 40 });

describe('the clients that were seen at addresses', () => {
  test('are the same in any order, however often, on however many replicas', () => {
    const reordered = SEEN.chain((seen) =>
      fc.tuple(
        fc.constant(seen),
        fc.shuffledSubarray(seen, { minLength: seen.length }),
        fc.nat(seen.length),
        SIGHTING,
      ),
    );
    fc.assert(
      fc.property(reordered, ([seen, other, at]) => {
        const { clients } = learned(seen);
        expect(learned([...other, ...seen]).clients).toEqual(clients);
        const [one, two] = [learned(other.slice(0, at)), learned(other.slice(at))];
        expect(merged([one, two]).clients).toEqual(clients);
        expect(merged([two, one, two]).clients).toEqual(clients);
      }),
      { numRuns: 500 },
    );
  });

  test('are the smallest of all, and no more than eight', () => {
    fc.assert(
      fc.property(SEEN, (seen) => {
        const places = [...new Set(seen.map(({ address, client = '' }) => `${address} ${client}`))].sort();
        const { clients } = learned(seen);
        if (clients !== undefined) expect(textsOf(clients)).toEqual(places.slice(0, MOST_PLACES));
        else expect(new Set(seen.map(({ isPrivate }) => isPrivate)).size).toBe(places.length);
      }),
    );
  });

  test('stay the very same set where nothing is new', () => {
    fc.assert(
      fc.property(SEEN, (seen) => {
        const row = learned(seen);
        for (const sighting of seen) expect(withPlace(row, sighting)).toBe(row.clients);
        expect(unionOfPlaces(row, learned(seen))).toBe(row.clients);
      }),
    );
  });

  test('are told apart by address and client', () => {
    const sighting = (address: string, client: string): Sighting => ({
      address,
      client,
      time: 0,
      eventId: undefined,
      isPrivate: false,
      vpcEndpointId: undefined,
      vpcEndpointAccountId: undefined,
    });
    const row = learned([sighting('192.0.2.1', 'boto3'), sighting('192.0.2.10', 'aws-cli')]);
    expect(wasSeenAt(row, '192.0.2.1', 'boto3')).toBe(true);
    for (const [address, client] of [
      ['192.0.2.1', 'aws-cli'],
      ['192.0.2.10', 'boto3'],
      ['192.0.2.', 'xboto3'],
      ['192.0.2.1', 'xoto3'],
    ] as const)
      expect(wasSeenAt(row, address, client)).toBe(false);
    // One place makes no set: the earliest use tells it.
    expect(wasSeenAt(learned([sighting('192.0.2.1', 'boto3')]), '192.0.2.1', 'boto3')).toBe(true);
    expect(wasSeenAt(undefined, '192.0.2.1', 'boto3')).toBe(false);
  });

  test('are shared with other replicas, and not known of a row that an older release wrote', () => {
    fc.assert(
      fc.property(SEEN, (seen) => {
        const { clients } = learned(seen);
        const row = (learned(seen) as SessionRow).stored();
        const body = encodeRow(row);
        const decoded = decodeRow('session', 'AROAEXAMPLE:one 1', { keepUntil: 0, body });
        expect(decoded).toMatchObject({ facts: { clients } });
        const older = JSON.stringify((JSON.parse(body) as unknown[]).slice(0, 8));
        const known = decodeRow('session', 'AROAEXAMPLE:one 1', { keepUntil: 0, body: older });
        expect(known).toMatchObject({ facts: { clients: undefined } });
      }),
    );
  });
});
