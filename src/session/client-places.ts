import { type SmallSet, sizeOf, textsOf, unionOf, withText } from './small-set.ts';
import { ownCopy } from './stored-text.ts';

/** Of a use: what counts here. */
interface Seen {
  readonly address: string;
  readonly isPrivate: boolean;
  readonly client: string | undefined;
}

/**
 * Which client was seen at which address, each as the address, a space, and the client. Where the baseline is may be
 * known last, so the clients of one address are not enough. Most sessions have one client at one address, which the
 * earliest use tells already: a set is made when a second place of one kind, public or private, comes, and then has
 * all.
 */
interface Row {
  readonly clients: SmallSet;
  readonly earliestPublic: Seen | undefined;
  readonly earliestPrivate: Seen | undefined;
}

export const MOST_PLACES = 8;

/** What a row's set becomes with one more use; called before the use is merged into its earliest ones. */
export function withPlace(row: Row, sighting: Seen): SmallSet {
  const { clients } = row;
  const known = sighting.isPrivate ? row.earliestPrivate : row.earliestPublic;
  if (known !== undefined && areAtOnePlace(known, sighting)) return clients;
  if (clients === undefined) return known && withText(placesOf(row), textOf(sighting), MOST_PLACES);
  if (isAtPlace(clients, sighting.address, sighting.client) || isBeyond(clients, sighting)) return clients;
  return withText(clients, textOf(sighting), MOST_PLACES);
}

/** The union of two rows' places; called before their earliest uses are merged. */
export function unionOfPlaces(row: Row, other: Row): SmallSet {
  const isTold =
    row.clients === undefined &&
    other.clients === undefined &&
    areAtOnePlace(row.earliestPublic, other.earliestPublic) &&
    areAtOnePlace(row.earliestPrivate, other.earliestPrivate);
  if (isTold) return undefined;
  return unionOf(placesOf(row), placesOf(other), MOST_PLACES);
}

/** The addresses that a client was seen at, of those that are kept. */
export function addressesOf(row: Row | undefined, client: string): readonly string[] {
  if (row === undefined) return [];
  const end = ` ${client}`;
  const places = textsOf(placesOf(row)).filter((place) => place.endsWith(end));
  return places.map((place) => place.slice(0, -end.length));
}

/** Whether a client was seen at an address. */
export function wasSeenAt(row: Row | undefined, address: string, client: string): boolean {
  if (row === undefined) return false;
  if (row.clients !== undefined) return isAtPlace(row.clients, address, client);
  return isPlace(row.earliestPublic, address, client) || isPlace(row.earliestPrivate, address, client);
}

function isPlace(sighting: Seen | undefined, address: string, client: string): boolean {
  return sighting !== undefined && sighting.address === address && sighting.client === client;
}

function placesOf({ clients, earliestPublic, earliestPrivate }: Row): SmallSet {
  if (clients !== undefined) return clients;
  let places: SmallSet;
  if (earliestPublic !== undefined) places = textOf(earliestPublic);
  if (earliestPrivate !== undefined) places = withText(places, textOf(earliestPrivate), MOST_PLACES);
  return places;
}

function areAtOnePlace(one: Seen | undefined, other: Seen | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return one.address === other.address && one.client === other.client;
}

function textOf({ address, client = '' }: Seen): string {
  return ownCopy(`${address} ${client}`);
}

/** Without putting a text together, since a session of several places asks it for each event. */
function isAtPlace(places: SmallSet, address: string, client = ''): boolean {
  const length = address.length + 1 + client.length;
  for (const place of textsOf(places))
    if (place.length === length && place.startsWith(address) && place.endsWith(client)) return true;
  return false;
}

/** Of too many the smallest stay: beyond the largest nothing is added. */
function isBeyond(places: SmallSet, { address }: Seen): boolean {
  if (sizeOf(places) < MOST_PLACES) return false;
  const largest = textsOf(places)[MOST_PLACES - 1];
  return largest !== undefined && address > largest;
}
