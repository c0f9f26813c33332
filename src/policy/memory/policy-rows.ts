import type { RowContent } from '../../shared-rows/row-text.ts';
import type { RowSpace } from '../../shared-rows/shared-rows.ts';
import { joinRecords } from './join-records.ts';
import { isPolicyRecord, type LocalPolicyMemory, type PolicyRecord } from './policy-memory.ts';

/** Begins the keys of these rows on the server. */
export const POLICY_ROWS = 'p';

/** The policy memory of this replica, as rows that are shared with others. */
export class PolicyRows implements RowSpace<PolicyRecord> {
  readonly kinds = [POLICY_ROWS];
  readonly #memory: LocalPolicyMemory;

  constructor(memory: LocalPolicyMemory) {
    this.#memory = memory;
  }

  known(_kind: string, key: string): PolicyRecord | undefined {
    return this.#memory.get(key);
  }

  absorb(key: string, record: PolicyRecord): void {
    const known = this.#memory.get(key);
    this.#memory.set(key, known === undefined ? record : joinRecords(record, known));
  }

  /** A policy holds until it is changed. */
  keepUntil(): number {
    return 0;
  }

  encode({ states, holdings }: PolicyRecord): string {
    return JSON.stringify({ states, holdings });
  }

  decode(_kind: string, _key: string, { body }: RowContent): PolicyRecord | undefined {
    let record: unknown;
    try {
      record = JSON.parse(body);
    } catch {
      return undefined;
    }
    return isPolicyRecord(record) ? record : undefined;
  }

  onForget(listener: (kind: string, key: string) => void): void {
    this.#memory.onForget = (key) => listener(POLICY_ROWS, key);
  }

  isUnchanged(before: PolicyRecord, after: PolicyRecord): boolean {
    return before === after;
  }
}
