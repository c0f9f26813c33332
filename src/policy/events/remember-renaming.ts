import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import { arnOfKey, boundaryKey, holderKey, holdersKey, membersKey, renamedKey } from './policy-keys.ts';
import { changeAt, rememberBoundary } from './remember-policy.ts';

/** A user or a group gets another name, and keeps all that it has. */
export interface Renaming {
  readonly account: string | undefined;
  /** `user/dev-intern` */
  readonly from: string;
  readonly to: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The eventID. */
  readonly event: string | undefined;
}

export function rememberRenaming(renaming: Renaming, remembered: RememberedPolicies): void {
  const { account, from, to, at } = renaming;
  for (const what of remembered.heldAt(holderKey(account, from), at)) move(what, renaming, remembered);
  for (const member of remembered.heldAt(membersKey(account, from), at)) {
    pass(holderKey(account, member), from, to, at, remembered);
    remembered.addHolding(membersKey(account, from), { at, what: member, held: false });
    remembered.addHolding(membersKey(account, to), { at, what: member, held: true });
  }
  const boundary = remembered.boundaryBefore(boundaryKey(account, from), at, undefined);
  if (boundary === undefined) return;
  remembered.setBoundary(boundaryKey(account, from), at, undefined);
  rememberBoundary(account, to, at, boundary, remembered);
}

/** One policy or group of the identity, and what is known of it by the name of its holder. */
function move(
  what: string,
  { account, from, to, at, event }: Renaming,
  remembered: RememberedPolicies,
): void {
  const moved = renamedKey(what, account, from, to);
  const state = moved === what ? undefined : remembered.inForce(what, at);
  if (state !== undefined) remembered.addState(moved, { ...state, ...changeAt(at, event) });
  remembered.addHolding(holderKey(account, from), { at, what, held: false });
  remembered.addHolding(holderKey(account, to), { at, what: moved, held: true });
  const arn = arnOfKey(what);
  if (arn !== undefined) pass(holdersKey(arn), from, to, at, remembered);
  if (what.startsWith('group/')) pass(membersKey(account, what), from, to, at, remembered);
}

function pass(key: string, from: string, to: string, at: number, remembered: RememberedPolicies): void {
  remembered.addHolding(key, { at, what: from, held: false });
  remembered.addHolding(key, { at, what: to, held: true });
}
