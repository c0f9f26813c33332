import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import {
  arnOfKey,
  boundaryKey,
  holderKey,
  holdersKey,
  membersKey,
  namesKey,
  renamedKey,
} from './policy-keys.ts';
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

/** So many are known of one identity and its groups or members within the time that events take to arrive. */
const MOST_RENAMINGS = 64;

/** With the later ones that it hands on to, where it arrives after them: in the order of their times, each once. */
export function rememberRenaming(renaming: Renaming, remembered: RememberedPolicies): void {
  const { account, from, to, at } = renaming;
  remembered.addHolding(namesKey(account, from), { at, what: to, held: true });
  const waiting = [renaming];
  const seen = new Set<string>();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const name of [next.to, ...carry(next, remembered)]) {
      const change = remembered.changeAfter(namesKey(account, name), next.at);
      if (change === undefined || seen.size === MOST_RENAMINGS || seen.has(`${change.at} ${name}`)) continue;
      seen.add(`${change.at} ${name}`);
      waiting.push({ ...renaming, from: name, to: change.what, at: change.at });
    }
    waiting.sort((one, other) => one.at - other.at);
  }
}

/** All that was seen of the identity under its old name until then; its groups, or those who are in it. */
function carry(renaming: Renaming, remembered: RememberedPolicies): readonly string[] {
  const { account, from, to, at } = renaming;
  const held = remembered.heldAt(holderKey(account, from), at);
  for (const what of held) move(what, renaming, remembered);
  const members = remembered.heldAt(membersKey(account, from), at);
  for (const member of members) {
    pass(holderKey(account, member), from, to, at, remembered);
    remembered.addHolding(membersKey(account, from), { at, what: member, held: false });
    remembered.addHolding(membersKey(account, to), { at, what: member, held: true });
  }
  if (from.startsWith('user/')) carryBoundary(renaming, remembered);
  return [...held.filter((what) => what.startsWith('group/')), ...members];
}

/** Also that there was none, or that nothing was seen: what is known of the new name was of another user. */
function carryBoundary({ account, from, to, at }: Renaming, remembered: RememberedPolicies): void {
  const [old, fresh] = [boundaryKey(account, from), boundaryKey(account, to)];
  const boundary = remembered.boundaryBefore(old, at, undefined);
  if (boundary !== undefined) {
    remembered.setBoundary(old, at, undefined);
    rememberBoundary(account, to, at, boundary, remembered);
  } else if (remembered.wasUnbounded(old, at, undefined)) remembered.setBoundary(fresh, at, undefined);
  else remembered.forgetBoundary(fresh, at);
}

/** One policy or group of the identity, and what is known of it by the name of its holder. */
function move(
  what: string,
  { account, from, to, at, event }: Renaming,
  remembered: RememberedPolicies,
): void {
  const moved = renamedKey(what, account, from, to);
  const state = moved === what ? undefined : remembered.inForce(what, at);
  if (state !== undefined) {
    remembered.addState(moved, { ...state, ...changeAt(at, event) });
    // Whoever gets the old name later begins with nothing.
    remembered.addState(what, { ...changeAt(at, event), inForce: true });
  }
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
