import type { Circuit } from '../../shared-rows/circuit.ts';
import { Deadlines } from '../../shared-rows/deadlines.ts';
import type { KnownRow } from '../../shared-rows/known-row.ts';
import type { SharedRows } from '../../shared-rows/shared-rows.ts';
import type { LocalPolicyMemory, PolicyMemory, PolicyRecord, PolicyStore } from './policy-memory.ts';
import { POLICY_ROWS } from './policy-rows.ts';

export interface SharedPoliciesOptions {
  readonly memory: LocalPolicyMemory;
  readonly rows: SharedRows<PolicyRecord>;
  readonly circuit: Circuit;
  /** The longest that an event waits for the server, milliseconds. */
  readonly timeout: number;
}

/** Each round fetches all keys that are looked at; a principal's groups and their policies are three steps away. */
const MOST_ROUNDS = 16;

/**
 * The policy memory of several replicas. Events without a policy, nearly all, look at no key and cost nothing; for the
 * others the work is done again until every key that it looks at was fetched.
 */
export class SharedPolicies implements PolicyStore {
  readonly #options: SharedPoliciesOptions;
  readonly #deadlines: Deadlines;
  readonly #row = (key: string): KnownRow<PolicyRecord> => this.#options.rows.kind(POLICY_ROWS).of(key);

  constructor(options: SharedPoliciesOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines(options.timeout);
  }

  withMemory<Result>(work: (memory: PolicyMemory) => Result): Result | Promise<Result> {
    const { memory, circuit } = this.#options;
    const draft = new Draft(memory);
    const result = work(draft);
    if (draft.missing.length === 0) return result;
    if (!circuit.isUp) {
      this.#keep(draft);
      return result;
    }
    return this.#deadlines.race(this.#share(draft, work), (lateSince) => {
      if (lateSince !== undefined) circuit.timedOut(lateSince);
      if (!draft.isKept) this.#keep(draft);
      return result;
    });
  }

  async #share<Result>(first: Draft, work: (memory: PolicyMemory) => Result): Promise<Result> {
    const { memory, rows } = this.#options;
    let missing = first.missing;
    const fetched = new Set(missing);
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await rows.fetched(missing.map(this.#row));
      if (first.isKept) break;
      const draft = new Draft(memory);
      const result = work(draft);
      missing = draft.missing.filter((key) => !fetched.has(key));
      for (const key of missing) fetched.add(key);
      if (missing.length > 0) continue;
      first.isKept = true;
      draft.keep();
      const changed = draft.changed.map(this.#row).filter((row) => rows.isAhead(row));
      await Promise.all(changed.map((row) => rows.put(row)));
      return result;
    }
    throw new Error('answered without the server, or work that looks at ever more keys');
  }

  #keep(draft: Draft): void {
    draft.keep();
    for (const key of draft.changed) this.#options.rows.queue.add(this.#row(key));
  }
}

/** What a piece of work looks at and would set; only `keep` sets it. */
class Draft implements PolicyMemory {
  readonly #memory: LocalPolicyMemory;
  readonly #set = new Map<string, PolicyRecord>();
  readonly #seen = new Set<string>();
  isKept = false;

  constructor(memory: LocalPolicyMemory) {
    this.#memory = memory;
  }

  /** The keys looked at. */
  get missing(): readonly string[] {
    return [...this.#seen];
  }

  get changed(): readonly string[] {
    return [...this.#set.keys()];
  }

  get(key: string): PolicyRecord | undefined {
    this.#seen.add(key);
    return this.#set.get(key) ?? this.#memory.get(key);
  }

  set(key: string, record: PolicyRecord): void {
    this.#seen.add(key);
    this.#set.set(key, record);
  }

  keep(): void {
    this.isKept = true;
    for (const [key, record] of this.#set) this.#memory.set(key, record);
  }
}
