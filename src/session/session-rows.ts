import type { RowContent } from '../shared-rows/row-text.ts';
import type { RowSpace } from '../shared-rows/shared-rows.ts';
import { isMadeSubject } from './credential-key.ts';
import type { StoredRow } from './memory-rows.ts';
import type { MemoryStore } from './memory-store.ts';
import type { SessionFacts } from './session-facts.ts';
import { decodeRow, encodeRow, type SharedKind } from './session-row-text.ts';

/**
 * Kinds of shared rows, as their keys on the server begin; behind it the key that the memory store knows the row by.
 */
export const ROW_KINDS = { claims: 'c', session: 's', sessionOfKey: 'k', earliest: 'e' } as const;

/** The memory store of this replica, as rows that are shared with others. */
export class SessionRows implements RowSpace<StoredRow> {
  readonly kinds = Object.values(ROW_KINDS);
  readonly #memory: MemoryStore;
  readonly #now: () => number;

  constructor(memory: MemoryStore, now: () => number) {
    this.#memory = memory;
    this.#now = now;
  }

  known(kind: string, key: string): StoredRow | undefined {
    switch (kind) {
      case ROW_KINDS.claims:
        return this.#memory.stored('claims', key);
      case ROW_KINDS.session:
        return this.#memory.stored('session', key);
      case ROW_KINDS.sessionOfKey: {
        const session = this.#memory.sessionOfKey(key);
        return session === undefined ? undefined : ['key', key, session];
      }
      default: {
        const earliest = this.#memory.earliestLearned;
        return Number.isFinite(earliest) ? ['earliest', earliest] : undefined;
      }
    }
  }

  absorb(_key: string, row: StoredRow): void {
    this.#memory.absorb(row, this.#now());
  }

  keepUntil(row: StoredRow): number {
    if (row[0] === 'claims' || row[0] === 'session') return row[3];
    // Where a key without claims was seen is worth no more than the longest session.
    return row[0] === 'key' ? Math.floor(this.#now() / DAY) * DAY_MINUTES + KEY_KEPT_MINUTES : 0;
  }

  encode(row: StoredRow): string {
    return encodeRow(row);
  }

  decode(kind: string, key: string, content: RowContent): StoredRow | undefined {
    return decodeRow(sharedKindOf(kind, key), key, content);
  }

  onForget(listener: (kind: string, key: string) => void): void {
    this.#memory.onForget = (kind, key) => listener(ROW_KINDS[kind], key);
  }

  isUnchanged(before: StoredRow, after: StoredRow): boolean {
    if (before[0] === 'claims' && after[0] === 'claims') return areSame(before[5], after[5]);
    if (before[0] === 'session' && after[0] === 'session') return areSameFacts(before[5], after[5]);
    if (before[0] === 'creator' && after[0] === 'creator') return areSame(before[2], after[2]);
    if (before[0] === 'key' && after[0] === 'key') return before[2] === after[2];
    return before[0] === 'earliest' && before[1] === after[1];
  }
}

const DAY = 86_400_000;
const DAY_MINUTES = 1440;
/** Three days and a part of one: longer than any session is kept. */
const KEY_KEPT_MINUTES = 4 * DAY_MINUTES;

function sharedKindOf(kind: string, key: string): SharedKind {
  switch (kind) {
    case ROW_KINDS.session:
      return 'session';
    case ROW_KINDS.sessionOfKey:
      return 'key';
    case ROW_KINDS.claims:
      return isMadeSubject(key) ? 'creator' : 'claims';
    default:
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
