import type { Circuit } from '../../shared-rows/circuit.ts';
import { Deadlines } from '../../shared-rows/deadlines.ts';
import type { KnownRow } from '../../shared-rows/known-row.ts';
import type { SharedRows } from '../../shared-rows/shared-rows.ts';
import type { LocalPolicyMemory, PolicyMemory, PolicyRecord, PolicyStore } from './policy-memory.ts';
import { PolicyOverlay } from './policy-overlay.ts';
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
    if (draft.seen.length === 0) return result;
    if (!circuit.isUp) {
      this.#keep(draft);
      return result;
    }
    const race: Race<Result> = {
      isTaken: false,
      takeAlone: () => {
        if (!race.isTaken) this.#keep(draft);
        race.isTaken = true;
        return result;
      },
    };
    return this.#deadlines.race(this.#share(draft.seen, work, race), (since) => {
      circuit.timedOut(since);
      return race.takeAlone();
    });
  }

  async #share<Result>(
    seen: readonly string[],
    work: (memory: PolicyMemory) => Result,
    race: Race<Result>,
  ): Promise<Result> {
    const { memory, rows } = this.#options;
    let missing = seen;
    const fetched = new Set(missing);
    for (let round = 0; round < MOST_ROUNDS && !race.isTaken; round++) {
      const isFetched = await isDone(rows.fetched(missing.map(this.#row)));
      if (!isFetched || race.isTaken) break;
      const draft = new Draft(memory);
      const result = work(draft);
      missing = draft.seen.filter((key) => !fetched.has(key));
      for (const key of missing) fetched.add(key);
      if (missing.length > 0) continue;
      race.isTaken = true;
      draft.keep();
      const changed = draft.changed.map(this.#row).filter((row) => rows.isAhead(row));
      await isDone(Promise.all(changed.map((row) => rows.put(row))));
      return result;
    }
    return race.takeAlone();
  }

  #keep(draft: Draft): void {
    draft.keep();
    for (const key of draft.changed) this.#options.rows.putLater(this.#row(key));
  }
}

/** Rows tell themselves why something was not done: the work goes on without, and what it throws is no such thing. */
function isDone(done: Promise<unknown>): Promise<boolean> {
  return done.then(
    () => true,
    () => false,
  );
}

/** One draft is kept: that with the rows of the server, or the first one, where these come too late or never. */
interface Race<Result> {
  isTaken: boolean;
  /** Keeps the first draft, unless another was kept, and answers by it. */
  takeAlone(): Result;
}

/** What a piece of work looks at and would set; only `keep` sets it. */
class Draft extends PolicyOverlay {
  readonly #seen = new Set<string>();

  /** The keys looked at. */
  get seen(): readonly string[] {
    return [...this.#seen];
  }

  override get(key: string): PolicyRecord | undefined {
    this.#seen.add(key);
    return super.get(key);
  }

  override set(key: string, record: PolicyRecord): void {
    this.#seen.add(key);
    super.set(key, record);
  }
}
