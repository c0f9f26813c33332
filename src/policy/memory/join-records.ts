import type { Holding, PolicyRecord, PolicyState } from './policy-memory.ts';
import { MOST_STATES, withinLimit } from './remembered-policies.ts';

/**
 * What two replicas remember under one key, as one. Of a change that both saw, and of changes in the same second, the
 * first record decides: replicas that each join theirs to what is shared end with the same.
 */
export function joinRecords(first: PolicyRecord, second: PolicyRecord): PolicyRecord {
  return {
    states: join(first.states, second.states, isSameChange).slice(-MOST_STATES),
    holdings: withinLimit(join(first.holdings, second.holdings, isSameHolding)),
  };
}

function join<Change extends { readonly at: number }>(
  first: readonly Change[],
  second: readonly Change[],
  isSame: (a: Change, b: Change) => boolean,
): readonly Change[] {
  const more = second.filter((change) => !first.some((known) => isSame(known, change)));
  if (more.length === 0) return first;
  return [...first, ...more].sort((a, b) => a.at - b.at);
}

/** Two releases may find different things in one policy; the change is the same. */
function isSameChange(a: PolicyState, b: PolicyState): boolean {
  return a.at === b.at && withoutSummary(a) === withoutSummary(b);
}

function withoutSummary({ summary: _summary, ...change }: PolicyState): string {
  return JSON.stringify(Object.entries(change).sort());
}

function isSameHolding(a: Holding, b: Holding): boolean {
  return a.at === b.at && a.what === b.what;
}
