import type { RowContent } from '../shared-rows/row-text.ts';
import type { RowSpace } from '../shared-rows/shared-rows.ts';
import { isMadeSubject } from './credential-key.ts';
import type { StoredRow } from './memory-rows.ts';
import type { MemoryStore } from './memory-store.ts';
import type { SessionFacts } from './session-facts.ts';
import { decodeRow, encodeRow } from './session-row-text.ts';

/**
 * How the keys of shared rows begin on the server; behind it the key that the memory store knows the row by. Makers are
 * claims there: the key says which of the two it has.
 */
export const ROW_KINDS = { claims: 'c', session: 's', sessionOfKey: 'k', earliest: 'e' } as const;

type Letter = (typeof ROW_KINDS)[keyof typeof ROW_KINDS];

/** The memory store of this replica, as rows that are shared with others. */
export class SessionRows implements RowSpace<StoredRow> {
  readonly kinds = Object.values(ROW_KINDS);
  readonly #memory: MemoryStore;
  readonly #now: () => number;

  constructor(memory: MemoryStore, now: () => number) {
    this.#memory = memory;
    this.#now = now;
  }

  known(letter: Letter, key: string): StoredRow | undefined {
    switch (letter) {
      case ROW_KINDS.claims:
        return this.#memory.stored('claims', key);
      case ROW_KINDS.session:
        return this.#memory.stored('session', key);
      case ROW_KINDS.sessionOfKey: {
        const session = this.#memory.sessionOfKey(key);
        return session === undefined ? undefined : { kind: 'sessionOfKey', key, session };
      }
      case ROW_KINDS.earliest: {
        const time = this.#memory.earliestLearned;
        return Number.isFinite(time) ? { kind: 'earliest', time } : undefined;
      }
    }
  }

  absorb(_key: string, row: StoredRow): void {
    this.#memory.absorb(row, this.#now());
  }

  keepUntil(row: StoredRow): number {
    switch (row.kind) {
      case 'claims':
      case 'session':
        return row.keepUntil;
      case 'sessionOfKey':
        // Where a key without claims was seen is worth no more than the longest session.
        return Math.floor(this.#now() / DAY) * DAY_MINUTES + KEY_KEPT_MINUTES;
      case 'makers':
      case 'earliest':
        return 0;
    }
  }

  encode(row: StoredRow): string {
    return encodeRow(row);
  }

  decode(letter: Letter, key: string, content: RowContent): StoredRow | undefined {
    return decodeRow(kindOf(letter, key), key, content);
  }

  onForget(listener: (kind: string, key: string) => void): void {
    this.#memory.onForget = (kind, key) => listener(ROW_KINDS[kind], key);
  }

  isUnchanged(before: StoredRow, after: StoredRow): boolean {
    switch (before.kind) {
      case 'claims':
      case 'makers':
        return before.kind === after.kind && areSame(before.claims, after.claims);
      case 'session':
        return before.kind === after.kind && areSameFacts(before.facts, after.facts);
      case 'sessionOfKey':
        return before.kind === after.kind && before.session === after.session;
      case 'earliest':
        return before.kind === after.kind && before.time === after.time;
    }
  }
}

const DAY = 86_400_000;
const DAY_MINUTES = 1440;
/** Three days and a part of one: longer than any session is kept. */
const KEY_KEPT_MINUTES = 4 * DAY_MINUTES;

function kindOf(letter: Letter, key: string): StoredRow['kind'] {
  switch (letter) {
    case ROW_KINDS.claims:
      return isMadeSubject(key) ? 'makers' : 'claims';
    case ROW_KINDS.session:
      return 'session';
    case ROW_KINDS.sessionOfKey:
      return 'sessionOfKey';
    case ROW_KINDS.earliest:
      return 'earliest';
  }
}

function areSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((one, i) => one === after[i]);
}

/** By identity: a merge that adds nothing leaves each part as it was. */
function areSameFacts(before: SessionFacts, after: SessionFacts): boolean {
  return (
    before.firstSeen === after.firstSeen &&
    before.earliestPublic === after.earliestPublic &&
    before.earliestPrivate === after.earliestPrivate &&
    before.earliestOfOtherFamily === after.earliestOfOtherFamily &&
    before.addresses === after.addresses &&
    before.clients === after.clients &&
    before.isConsole === after.isConsole &&
    before.isWorkload === after.isWorkload &&
    before.issued === after.issued &&
    before.pending === after.pending &&
    before.pendingUnnamed === after.pendingUnnamed
  );
}
