import type { RowKind } from '../shared-rows/known-row.ts';
import type { Claim } from './claim.ts';
import { EARLIEST, type RowFinder, type SharedRow } from './learned-rows.ts';
import type { StoredRow } from './memory-rows.ts';
import type { SessionFacts } from './session-facts.ts';
import type { SessionView } from './session-store.ts';
import type { SharedMemories } from './shared-memories.ts';

/** Longer than any key that is ever stored: what an event says may be of any length. */
const LONGEST_KEY = 2200;
const NO_ROWS: readonly SharedRow[] = [];

/** This replica's memory as one event looks at it, which notes the rows that its answer rests on. */
export class NotedRows implements SessionView, RowFinder {
  readonly isComplete = true;
  readonly #memories: SharedMemories;
  /** Whether all changes of rows that are watched are known that were made before this event came. */
  #isCurrent: boolean;
  #rows: SharedRow[] = [];
  /** So many of them, the first, need not be fetched any more. */
  #asked = 0;

  constructor(memories: SharedMemories, isCurrent: boolean) {
    this.#memories = memories;
    this.#isCurrent = isCurrent;
  }

  /** Whether any of them was changed after that stamp; true in doubt. */
  changedSince(stamp: number): boolean {
    return this.#memories.rows.changedSince(stamp, this.#rows);
  }

  /** What was forgotten is looked up anew, as it is noted from now on. */
  renew(): void {
    if (this.#rows.length > 0) this.#rows = this.#rows.map((row) => row.current());
  }

  /** Nothing is noted, and whatever will be has to be fetched. */
  clear(): void {
    this.#rows = [];
    this.#asked = 0;
    this.#isCurrent = false;
  }

  /** Those that have to be fetched, once each. */
  missing(): readonly SharedRow[] {
    const all = this.#rows;
    const asked = this.#asked;
    if (asked === all.length) return NO_ROWS;
    this.#asked = all.length;
    if (!this.#isCurrent) return asked === 0 ? all : all.slice(asked);
    const { rows } = this.#memories;
    return all.filter((row, i) => i >= asked && !rows.isWatched(row));
  }

  /** Those of one event are few, and at hand. */
  rowOf(kind: RowKind<StoredRow>, key: string): SharedRow {
    const rows = this.#rows;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as SharedRow;
      if (row.kind === kind && row.key === key) return row;
    }
    return kind.of(key);
  }

  note(row: SharedRow): void {
    if (!this.#rows.includes(row)) this.#rows.push(row);
  }

  #noteKey(kind: RowKind<StoredRow>, key: string): void {
    if (key.length <= LONGEST_KEY) this.note(this.rowOf(kind, key));
  }

  claims(subject: string): readonly Claim[] | undefined {
    this.#noteKey(this.#memories.kinds.claims, subject);
    return this.#memories.memory.claims(subject);
  }

  session(key: string): SessionFacts | undefined {
    this.#noteKey(this.#memories.kinds.session, key);
    return this.#memories.memory.session(key);
  }

  sessionOfKey(accessKeyId: string): string | undefined {
    this.#noteKey(this.#memories.kinds.sessionOfKey, accessKeyId);
    return this.#memories.memory.sessionOfKey(accessKeyId);
  }

  /** What this replica had to drop, the server still has. */
  wasEvicted(): boolean {
    return false;
  }

  get earliestLearned(): number {
    this.#noteKey(this.#memories.kinds.earliest, EARLIEST);
    return this.#memories.memory.earliestLearned;
  }
}
