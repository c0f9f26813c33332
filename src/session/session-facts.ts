import { unionOfPlaces } from './client-places.ts';
import { compareText } from './compare-claims.ts';
import { type SmallSet, unionOf } from './small-set.ts';

/** One use of a session from a real address. */
export interface Sighting {
  readonly time: number;
  readonly eventId: string | undefined;
  readonly address: string;
  readonly isPrivate: boolean;
  readonly client: string | undefined;
  readonly vpcEndpointId: string | undefined;
  readonly vpcEndpointAccountId: string | undefined;
}

/** What is remembered of a session, that is of all events with one principal and one second of creation. */
export interface SessionFacts {
  /** Milliseconds since the epoch; undefined for a session that was issued and not yet used. */
  firstSeen: number | undefined;
  /** The earliest use from a public address, and from a private one: the smallest (eventTime, eventID). */
  earliestPublic: Sighting | undefined;
  earliestPrivate: Sighting | undefined;
  /** The earliest use from a public address of the family, IPv4 or IPv6, that `earliestPublic` is not of. */
  earliestOfOtherFamily: Sighting | undefined;
  /** Distinct addresses, at most `MOST_ADDRESSES`. */
  addresses: SmallSet;
  /** Which client was seen at which address (client-places.ts); undefined where the earliest uses tell it. */
  clients: SmallSet;
  isConsole: boolean;
  isWorkload: boolean;
  /** Keys that were issued for this session, at most `MOST_ISSUED`. */
  issued: SmallSet;
  /**
   * Uses answered before an issuance was known, each as access key id, a space, and the event's name; at most
   * `MOST_PENDING`. A note on delivery, not on the session: the one thing that the order of arrival changes.
   */
  pending: SmallSet;
  /** Uses beyond those named. */
  pendingUnnamed: number;
}

export const MOST_ADDRESSES = 32;
export const MOST_ISSUED = 8;
export const MOST_PENDING = 100;

/** Earlier is the smaller (eventTime, eventID); the rest of the fields only makes the order total. */
export function compareSightings(a: Sighting, b: Sighting): number {
  return (
    a.time - b.time ||
    compareText(a.eventId, b.eventId) ||
    compareText(a.address, b.address) ||
    compareText(a.client, b.client) ||
    compareText(a.vpcEndpointId, b.vpcEndpointId) ||
    compareText(a.vpcEndpointAccountId, b.vpcEndpointAccountId)
  );
}

export function earlierSighting(a: Sighting | undefined, b: Sighting | undefined): Sighting | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareSightings(b, a) < 0 ? b : a;
}

type PublicUses = Pick<SessionFacts, 'earliestPublic' | 'earliestOfOtherFamily'>;

/** Of each family the earliest is kept, and which of the two was before the other is a matter of both alone. */
export function addPublic(row: PublicUses, sighting: Sighting): void {
  const { earliestPublic: first, earliestOfOtherFamily: other } = row;
  if (first === undefined || areOfOneFamily(first, sighting)) {
    const earlier = earlierSighting(first, sighting);
    if (earlier !== first) row.earliestPublic = earlier;
    return;
  }
  const earlier = earlierSighting(other, sighting) ?? sighting;
  if (compareSightings(earlier, first) < 0) {
    row.earliestPublic = earlier;
    row.earliestOfOtherFamily = first;
  } else if (earlier !== other) row.earliestOfOtherFamily = earlier;
}

/** The earliest of the public uses of one's own family. */
export function earliestOfFamily(row: PublicUses | undefined, sighting: Sighting): Sighting {
  const { earliestPublic: first, earliestOfOtherFamily: other } = row ?? {};
  const known = first !== undefined && areOfOneFamily(first, sighting) ? first : other;
  return earlierSighting(known, sighting) ?? sighting;
}

function areOfOneFamily(a: Sighting, b: Sighting): boolean {
  return a.address === b.address || a.address.includes(':') === b.address.includes(':');
}

/** What two replicas know of one session, in the first of the rows: again only minima, unions and `or`. */
export function mergeFacts(row: SessionFacts, other: Readonly<SessionFacts>): void {
  if (other.firstSeen !== undefined && !(row.firstSeen !== undefined && row.firstSeen <= other.firstSeen))
    row.firstSeen = other.firstSeen;
  row.clients = unionOfPlaces(row, other);
  if (other.earliestPublic !== undefined) addPublic(row, other.earliestPublic);
  if (other.earliestOfOtherFamily !== undefined) addPublic(row, other.earliestOfOtherFamily);
  row.earliestPrivate = earlierSighting(row.earliestPrivate, other.earliestPrivate);
  row.addresses = unionOf(row.addresses, other.addresses, MOST_ADDRESSES);
  row.isConsole ||= other.isConsole;
  row.isWorkload ||= other.isWorkload;
  row.issued = unionOf(row.issued, other.issued, MOST_ISSUED);
  row.pending = unionOf(row.pending, other.pending, MOST_PENDING);
  // Of two counts it is not known how much they share: the larger is surely not too many.
  row.pendingUnnamed = Math.max(row.pendingUnnamed, other.pendingUnnamed);
}
