import { LRUCache } from 'lru-cache';
import { isObject } from '../../event/json.ts';
import { isPolicySummary, namesIn, type PolicySummary } from '../policy-summary.ts';

/** What a policy said from a time on. `summary` is absent once it was deleted, and of a version that was not seen. */
export interface PolicyState {
  /** Milliseconds since the epoch, UTC: the eventTime of the change. */
  readonly at: number;
  /** The eventID of the change: seen twice, it counts once. */
  readonly event?: string;
  readonly versionId?: string;
  /** Whether this is what the policy allows, or a version that waits to become the default. */
  readonly inForce: boolean;
  readonly summary?: PolicySummary;
}

/**
 * Something that was got or lost at a time: by a principal a policy or a membership, by a policy a holder or whom it
 * bounds, by a group a member. Boundaries and later names are never lost: of these the last one counts.
 */
export interface Holding {
  readonly at: number;
  readonly what: string;
  readonly held: boolean;
}

/**
 * All that is remembered under one key: of a policy its states, of any other key (events/policy-keys.ts) what or whom
 * was got or lost. The other list is empty.
 */
export interface PolicyRecord {
  readonly states: readonly PolicyState[];
  readonly holdings: readonly Holding[];
}

/**
 * Whether a row from outside can be worked with: snapshots and servers hold our own rows, but a fault may change them.
 */
export function isPolicyRecord(value: unknown): value is PolicyRecord {
  if (!isObject(value)) return false;
  const { states, holdings } = value;
  return (
    Array.isArray(states) && states.every(isState) && Array.isArray(holdings) && holdings.every(isHolding)
  );
}

function isState(value: unknown): value is PolicyState {
  if (!isObject(value) || typeof value['at'] !== 'number' || typeof value['inForce'] !== 'boolean')
    return false;
  return value['summary'] === undefined || isPolicySummary(value['summary']);
}

function isHolding(value: unknown): value is Holding {
  return (
    isObject(value) &&
    typeof value['at'] === 'number' &&
    typeof value['what'] === 'string' &&
    typeof value['held'] === 'boolean'
  );
}

/**
 * What was seen of policies, by key. Changes are kept with the time of their event, a few of each, so that events
 * that arrive late find their place, and the answer depends on the times in the events more than on their order.
 */
export interface PolicyMemory {
  get(key: string): PolicyRecord | undefined;
  set(key: string, record: PolicyRecord): void;
}

/**
 * A policy memory that may be shared with other replicas. `work` is done on what is known; a shared memory does it
 * again until it has fetched every key that is looked at, and only what is set at the last time counts.
 */
export interface PolicyStore {
  withMemory<Result>(work: (memory: PolicyMemory) => Result): Result | Promise<Result>;
}

/** One row of a snapshot: plain JSON. */
export type PolicyRow = readonly [key: string, record: PolicyRecord];

/** Names of actions, findings and holdings that are kept altogether: some 20 MB at the most. */
const MOST_NAMES = 1_000_000;

export class LocalPolicyMemory implements PolicyMemory, PolicyStore {
  readonly #records: LRUCache<string, PolicyRecord>;
  /** Told of each record that has to make room. */
  onForget: ((key: string) => void) | undefined;

  constructor(mostNames = MOST_NAMES) {
    this.#records = new LRUCache({
      maxSize: mostNames,
      sizeCalculation: sizeOf,
      dispose: (_record, key, reason) => reason === 'evict' && this.onForget?.(key),
    });
  }

  get size(): number {
    return this.#records.size;
  }

  withMemory<Result>(work: (memory: PolicyMemory) => Result): Result {
    return work(this);
  }

  get(key: string): PolicyRecord | undefined {
    return this.#records.get(key);
  }

  set(key: string, record: PolicyRecord): void {
    this.#records.set(key, record);
  }

  /** For a snapshot: what was used last comes last, so that reading it back keeps the order of forgetting. */
  *dump(): Iterable<PolicyRow> {
    yield* [...this.#records.entries()].reverse();
  }

  /** Takes a row of a snapshot back; false where it is none. */
  restore(row: unknown): boolean {
    if (!isRow(row)) return false;
    this.#records.set(row[0], row[1]);
    return true;
  }
}

function isRow(row: unknown): row is PolicyRow {
  return Array.isArray(row) && typeof row[0] === 'string' && isPolicyRecord(row[1]);
}

function sizeOf({ states, holdings }: PolicyRecord): number {
  let names = 8 + 4 * holdings.length;
  for (const { summary } of states) names += 8 + namesIn(summary);
  return names;
}
