import { CountedValues, NOTHING } from './counted-values.ts';
import { RowCells } from './row-cells.ts';
import { compareSightings, type SessionFacts, type Sighting } from './session-facts.ts';
import { sizeOf } from './small-set.ts';
import { hashOf } from './text-hash.ts';
import type { Use } from './use.ts';

/** Words of a session's cell. */
const FIRST_SEEN = 8;
const SIGHTED_AT = 10;
const PLACE = 12;
const SAID = 13;
const KEY = 14;
const KEY_WORDS = 16;
const EVENT_ID = 30;
const EVENT_ID_WORDS = 10;
const ISSUED = 40;
const ISSUED_WORDS = 6;

/** In SAID. */
const IS_CONSOLE = 1;
const IS_WORKLOAD = 2;
const IS_SEEN = 4;
/** The facts are kept as they are, and not in the cell. */
const IS_OTHER = 8;

/** Where a session was seen: many are from one place. */
type Place = Omit<Sighting, 'time' | 'eventId'>;

/**
 * The facts on one session as a cell. Most sessions are seen from one address, and were issued one key; others, and those
 * whose issuance is waited for, are kept as they are.
 */
export class SessionCells {
  readonly cells = new RowCells({ words: ISSUED + ISSUED_WORDS, key: KEY, keyWords: KEY_WORDS });
  readonly #places = new CountedValues<Place>(hashOfPlace, areEqualPlaces);
  readonly #others = new Map<number, SessionFacts>();
  #pending = 0;

  /** Names of pending uses, in all rows. */
  get pending(): number {
    return this.#pending;
  }

  /** Values that rows share, each counted once. */
  get shared(): number {
    return this.#places.size;
  }

  /** A copy, which may be changed and written. */
  read(row: number): SessionFacts {
    const facts = this.told(row);
    if (!(facts instanceof CellFacts)) return { ...facts };
    const { firstSeen, addresses, isConsole, isWorkload, issued, pending, pendingUnnamed } = facts;
    const earliestPublic = facts.earliestPublic && copyOf(facts.earliestPublic);
    const earliestPrivate = facts.earliestPrivate && copyOf(facts.earliestPrivate);
    const seen = { firstSeen, earliestPublic, earliestPrivate, addresses, isConsole, isWorkload };
    return { ...seen, issued, pending, pendingUnnamed };
  }

  /** The same, each part of it read when it is asked for: to be used before the row changes. */
  told(row: number): Readonly<SessionFacts> {
    const said = this.cells.get(row, SAID);
    return (said & IS_OTHER) === 0
      ? new CellFacts(this.cells, row, said, this.#place(row))
      : this.#other(row);
  }

  /** Facts that are kept as they are, to be changed in place; undefined where they are in the cell. */
  kept(row: number): SessionFacts | undefined {
    return (this.cells.get(row, SAID) & IS_OTHER) === 0 ? undefined : this.#others.get(row);
  }

  /** That names of pending uses were added to what is kept. */
  notePending(names: number): void {
    this.#pending += names;
  }

  /** @param facts the cell's from now on */
  write(row: number, facts: SessionFacts): void {
    const before = this.#others.get(row);
    const place = this.cells.get(row, PLACE);
    this.#pending += sizeOf(facts.pending) - sizeOf(before?.pending);
    if (this.#put(row, facts)) {
      if (before !== undefined) this.#others.delete(row);
    } else {
      this.cells.set(row, SAID, IS_OTHER);
      this.cells.set(row, PLACE, NOTHING);
      this.#others.set(row, facts);
    }
    // Given back last, so that a place that is seen again is not forgotten in between.
    this.#places.giveBack(place);
  }

  /** What a row said, before it goes. */
  forget(row: number): void {
    this.#pending -= sizeOf(this.#others.get(row)?.pending);
    this.#others.delete(row);
    this.#places.giveBack(this.cells.get(row, PLACE));
    this.cells.set(row, PLACE, NOTHING);
  }

  /** Whether it is known of the row that the session was used. */
  isSeen(row: number): boolean {
    const said = this.cells.get(row, SAID);
    return (said & IS_OTHER) === 0 ? (said & IS_SEEN) !== 0 : this.#other(row).firstSeen !== undefined;
  }

  /** Whether a use surely adds nothing: true for nearly all, and told without reading the row out. */
  has(row: number, use: Use): boolean {
    const said = this.cells.get(row, SAID);
    if ((said & (IS_SEEN | IS_OTHER)) !== IS_SEEN) return false;
    if ((this.cells.time(row, FIRST_SEEN) as number) > use.time) return false;
    if (use.isConsole && (said & IS_CONSOLE) === 0) return false;
    if (use.isWorkload && (said & IS_WORKLOAD) === 0) return false;
    return use.sighting === undefined || this.#hasSighting(row, use.sighting);
  }

  #hasSighting(row: number, sighting: Sighting): boolean {
    const place = this.#place(row);
    if (place?.address !== sighting.address || place.isPrivate !== sighting.isPrivate) return false;
    const earliest = this.cells.time(row, SIGHTED_AT) as number;
    if (earliest !== sighting.time) return earliest < sighting.time;
    return compareSightings(new CellSighting(this.cells, row, place), sighting) <= 0;
  }

  #place(row: number): Place | undefined {
    const number = this.cells.get(row, PLACE);
    return number === NOTHING ? undefined : this.#places.at(number);
  }

  #other(row: number): Readonly<SessionFacts> {
    return this.#others.get(row) as SessionFacts;
  }

  /** False where the facts are more than the cell has words for. */
  #put(row: number, facts: Readonly<SessionFacts>): boolean {
    const { firstSeen, earliestPublic, earliestPrivate, addresses, issued, pending, pendingUnnamed } = facts;
    const sighting = earliestPublic ?? earliestPrivate;
    const isOne = earliestPublic === undefined || earliestPrivate === undefined;
    if (!isOne || addresses !== sighting?.address || pending !== undefined || pendingUnnamed > 0)
      return false;
    if (issued !== undefined && typeof issued !== 'string') return false;
    if (!this.cells.setText(row, ISSUED, ISSUED_WORDS, issued)) return false;
    if (!this.cells.setText(row, EVENT_ID, EVENT_ID_WORDS, sighting?.eventId)) return false;
    this.cells.setTime(row, FIRST_SEEN, firstSeen);
    this.cells.setTime(row, SIGHTED_AT, sighting?.time);
    this.cells.set(row, PLACE, sighting === undefined ? NOTHING : this.#places.hold(placeOf(sighting)));
    this.cells.set(row, SAID, saidOf(facts));
    return true;
  }
}

/** What a cell says, read when it is asked for. */
class CellFacts implements SessionFacts {
  readonly isConsole: boolean;
  readonly isWorkload: boolean;
  readonly pending = undefined;
  readonly pendingUnnamed = 0;
  readonly #cells: RowCells;
  readonly #row: number;
  readonly #place: Place | undefined;
  readonly #isSeen: boolean;

  constructor(cells: RowCells, row: number, said: number, place: Place | undefined) {
    this.#cells = cells;
    this.#row = row;
    this.#place = place;
    this.#isSeen = (said & IS_SEEN) !== 0;
    this.isConsole = (said & IS_CONSOLE) !== 0;
    this.isWorkload = (said & IS_WORKLOAD) !== 0;
  }

  get firstSeen(): number | undefined {
    return this.#isSeen ? this.#cells.time(this.#row, FIRST_SEEN) : undefined;
  }

  get earliestPublic(): Sighting | undefined {
    return this.#place?.isPrivate === false ? this.#sighting(this.#place) : undefined;
  }

  get earliestPrivate(): Sighting | undefined {
    return this.#place?.isPrivate === true ? this.#sighting(this.#place) : undefined;
  }

  get addresses(): string | undefined {
    return this.#place?.address;
  }

  get issued(): string | undefined {
    return this.#cells.text(this.#row, ISSUED);
  }

  #sighting(place: Place): Sighting {
    return new CellSighting(this.#cells, this.#row, place);
  }
}

class CellSighting implements Sighting {
  readonly time: number;
  readonly address: string;
  readonly isPrivate: boolean;
  readonly client: string | undefined;
  readonly vpcEndpointId: string | undefined;
  readonly vpcEndpointAccountId: string | undefined;
  readonly #cells: RowCells;
  readonly #row: number;

  constructor(cells: RowCells, row: number, place: Place) {
    this.time = cells.time(row, SIGHTED_AT) as number;
    this.address = place.address;
    this.isPrivate = place.isPrivate;
    this.client = place.client;
    this.vpcEndpointId = place.vpcEndpointId;
    this.vpcEndpointAccountId = place.vpcEndpointAccountId;
    this.#cells = cells;
    this.#row = row;
  }

  get eventId(): string | undefined {
    return this.#cells.text(this.#row, EVENT_ID);
  }
}

function saidOf({ firstSeen, isConsole, isWorkload }: Readonly<SessionFacts>): number {
  return (
    (firstSeen === undefined ? 0 : IS_SEEN) | (isConsole ? IS_CONSOLE : 0) | (isWorkload ? IS_WORKLOAD : 0)
  );
}

function copyOf(sighting: Sighting): Sighting {
  return { time: sighting.time, eventId: sighting.eventId, ...placeOf(sighting) };
}

function placeOf(sighting: Sighting): Place {
  const { address, isPrivate, client, vpcEndpointId, vpcEndpointAccountId } = sighting;
  return { address, isPrivate, client, vpcEndpointId, vpcEndpointAccountId };
}

function hashOfPlace({ address, client, vpcEndpointId }: Place): number {
  return hashOf(`${address} ${client} ${vpcEndpointId}`);
}

function areEqualPlaces(a: Place, b: Place): boolean {
  return (
    a.address === b.address &&
    a.isPrivate === b.isPrivate &&
    a.client === b.client &&
    a.vpcEndpointId === b.vpcEndpointId &&
    a.vpcEndpointAccountId === b.vpcEndpointAccountId
  );
}
