import type { Holding, PolicyMemory, PolicyRecord, PolicyState } from './policy-memory.ts';

/** IAM keeps five versions of a policy; a few more let late events find their place. */
export const MOST_STATES = 8;
/** A user or role can have some 30 policies and 10 groups; a policy can have many holders. */
export const MOST_HOLDINGS = 128;
/** Of a principal without a boundary, in the place of a boundary's key. */
const NO_BOUNDARY = 'none';
/** Of one of whom it is not known whether it has a boundary, whatever was seen of another under its name. */
const UNSEEN_BOUNDARY = 'unseen';
const NOTHING: PolicyRecord = { states: [], holdings: [] };

/** Reads and writes the policy memory in the order of event times. */
export class RememberedPolicies {
  readonly #memory: PolicyMemory;

  constructor(memory: PolicyMemory) {
    this.#memory = memory;
  }

  addState(key: string, state: PolicyState): void {
    const record = this.#memory.get(key) ?? NOTHING;
    const others = record.states.filter((other) => other.at !== state.at || other.event !== state.event);
    const states = [...others, state].sort((a, b) => a.at - b.at).slice(-MOST_STATES);
    this.#memory.set(key, { ...record, states });
  }

  addHolding(key: string, holding: Holding): void {
    const record = this.#memory.get(key) ?? NOTHING;
    const others = record.holdings.filter((other) => other.at !== holding.at || other.what !== holding.what);
    const holdings = withinLimit([...others, holding].sort((a, b) => a.at - b.at));
    this.#memory.set(key, { ...record, holdings });
  }

  /** What a policy allowed before a change. CloudTrail's times are seconds: of one second, what came first counts. */
  before(key: string, time: number, event: string | undefined): PolicyState | undefined {
    const isBefore = (state: PolicyState) => state.at < time || (state.at === time && state.event !== event);
    return this.#lastInForce(key, isBefore);
  }

  inForce(key: string, time: number): PolicyState | undefined {
    return this.#lastInForce(key, (state) => state.at <= time);
  }

  #lastInForce(key: string, isBefore: (state: PolicyState) => boolean): PolicyState | undefined {
    const state = this.#memory.get(key)?.states.findLast((one) => one.inForce && isBefore(one));
    if (state?.versionId === undefined || state.summary !== undefined) return state;
    // Of the version only what it says: it came at another time, by another event.
    const summary = this.version(key, state.versionId, state.at)?.summary;
    return { ...state, ...(summary && { summary }) };
  }

  /**
   * A version that was seen, in force or not: whether before that time or after it does not matter, because a version
   * never changes. That of a policy which was deleted is another one.
   */
  version(key: string, versionId: string, time: number): PolicyState | undefined {
    const states = this.#memory.get(key)?.states ?? [];
    const from = states.findLastIndex((state) => isDeleted(state) && state.at <= time) + 1;
    const end = states.findIndex((state, index) => index >= from && isDeleted(state));
    return states
      .slice(from, end < 0 ? undefined : end)
      .findLast((state) => state.versionId === versionId && state.summary !== undefined);
  }

  /** What a principal holds, or who holds a policy, at a time. */
  heldAt(key: string, time: number): string[] {
    return this.heldBefore(key, time, undefined);
  }

  /**
   * The same before a change of `changed` at that time, whether that change was seen already or not. What was got last
   * comes last.
   */
  heldBefore(key: string, time: number, changed: string | undefined): string[] {
    const held = new Set<string>();
    for (const { at, what, held: got } of this.#memory.get(key)?.holdings ?? []) {
      if (at > time) break;
      if (at === time && what === changed) continue;
      held.delete(what);
      if (got) held.add(what);
    }
    return [...held];
  }

  /** What was held at a time or got later. */
  heldSince(key: string, time: number): string[] {
    return [...new Set([...this.heldAt(key, time), ...this.gotSince(key, time)])];
  }

  /** What was got at a time or later. */
  gotSince(key: string, time: number): string[] {
    const holdings = this.#memory.get(key)?.holdings ?? [];
    return holdings.filter(({ at, held }) => held && at >= time).map(({ what }) => what);
  }

  /** The times after that one at which something of it changed. */
  timesAfter(key: string, time: number): number[] {
    const { states, holdings } = this.#memory.get(key) ?? NOTHING;
    return [...states, ...holdings].map(({ at }) => at).filter((at) => at > time);
  }

  /** Whether a change was seen already, as it is where an event comes twice. */
  hasState(key: string, at: number, event: string | undefined): boolean {
    const states = this.#memory.get(key)?.states ?? [];
    return states.some((state) => state.at === at && state.event === event);
  }

  hasHolding(key: string, at: number, what: string): boolean {
    const holdings = this.#memory.get(key)?.holdings ?? [];
    return holdings.some((holding) => holding.at === at && holding.what === what && holding.held);
  }

  /** Whether a version became the default after a time. */
  isDefaultSince(key: string, versionId: string, time: number): boolean {
    const states = this.#memory.get(key)?.states ?? [];
    return states.some((state) => state.at > time && state.inForce && state.versionId === versionId);
  }

  /** The first change after a time. */
  changeAfter(key: string, time: number): Holding | undefined {
    return this.#memory.get(key)?.holdings.find(({ at }) => at > time);
  }

  /** The last change before a time, of whatever was got or lost or of `changed`. */
  changeBefore(key: string, time: number, changed?: string): Holding | undefined {
    const holdings = this.#memory.get(key)?.holdings;
    return holdings?.findLast(({ at, what }) => at < time && (changed === undefined || what === changed));
  }

  /** A principal has one boundary at a time; without the key of a policy, none from now on. */
  setBoundary(key: string, at: number, policy: string | undefined): void {
    this.addHolding(key, { at, what: policy ?? NO_BOUNDARY, held: true });
  }

  /** From now on nothing is known of it: another principal has the name. */
  forgetBoundary(key: string, at: number): void {
    this.addHolding(key, { at, what: UNSEEN_BOUNDARY, held: true });
  }

  /** The key of the policy that bounds a principal at a time; `undefined` where there is none, or none was seen. */
  boundaryAt(key: string, time: number): string | undefined {
    return named(this.heldAt(key, time));
  }

  /** The same before a change to `policy`, or to none, at that time. */
  boundaryBefore(key: string, time: number, policy: string | undefined): string | undefined {
    return named(this.heldBefore(key, time, policy ?? NO_BOUNDARY));
  }

  /** Whether a principal is known to have had no boundary before a change to `policy` at that time. */
  wasUnbounded(key: string, time: number, policy: string | undefined): boolean {
    return this.heldBefore(key, time, policy ?? NO_BOUNDARY).at(-1) === NO_BOUNDARY;
  }
}

/** A version that became the default and was never seen has no summary either, but an id. */
function isDeleted({ summary, versionId }: PolicyState): boolean {
  return summary === undefined && versionId === undefined;
}

function named(boundaries: readonly string[]): string | undefined {
  const last = boundaries.at(-1);
  return last === NO_BOUNDARY || last === UNSEEN_BOUNDARY ? undefined : last;
}

/**
 * As many of these changes, in the order of their times, as are kept: those that a later one of the same policy or
 * group made past go first, so that one policy written over and over drives out no other.
 */
export function withinLimit(holdings: readonly Holding[]): readonly Holding[] {
  let excess = holdings.length - MOST_HOLDINGS;
  if (excess <= 0) return holdings;
  const last = new Map(holdings.map((holding) => [holding.what, holding]));
  return holdings
    .filter((holding) => last.get(holding.what) === holding || excess-- <= 0)
    .slice(-MOST_HOLDINGS);
}
