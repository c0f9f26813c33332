import type { UnknownReason } from './origin.ts';
import type { SessionView } from './session-store.ts';

/** What was known and is no longer, or cannot be asked for now: goes before whatever else would explain the gap. */
export function lostReason(view: SessionView, isEvicted: boolean): UnknownReason | undefined {
  if (isEvicted) return 'evicted';
  return view.isComplete ? undefined : 'store_unavailable';
}

/** @param since milliseconds since the epoch: when the credential, whose issuance nothing else explains, was there */
export function unmetReason(view: SessionView, since: number | undefined): UnknownReason {
  return since !== undefined && since < view.earliestLearned ? 'warming_up' : 'not_seen';
}
