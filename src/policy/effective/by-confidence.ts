import { ActionSet } from '../patterns/action-set.ts';
import { CONFIDENCES, type Confidence } from '../policy-findings.ts';

/** Most policies are of one confidence only, and a set that is not there costs nothing. */
export type ByConfidence = Partial<Record<Confidence, ActionSet>>;

export interface Denied {
  /** Whatever the request. */
  all?: ActionSet;
  /** Under a condition, or for some resources. */
  some?: ActionSet;
  /** Of these, to all but those whom a condition names, as if it stood in the Allow. */
  others?: ActionSet;
}

export function add<K extends string>(sets: Partial<Record<K, ActionSet>>, key: K, actions: ActionSet): void {
  const set = sets[key];
  if (set === undefined) sets[key] = actions.copy();
  else set.addAll(actions);
}

/**
 * A Deny of a part makes what is left of an action less sure by one step, one of all others as unsure as anything is;
 * an absolute one leaves nothing of it.
 */
export function rank(allowed: ByConfidence, denied: Denied, size: number): ByConfidence {
  if (denied.some !== undefined) demote(allowed, denied.some, size);
  if (denied.others !== undefined) demote(allowed, denied.others, size);
  const ranked: ByConfidence = {};
  const counted: ActionSet[] = [];
  for (const confidence of CONFIDENCES) {
    const set = allowed[confidence];
    if (set === undefined) continue;
    if (denied.all !== undefined) set.removeAll(denied.all);
    for (const surer of counted) set.removeAll(surer);
    if (set.isEmpty()) continue;
    ranked[confidence] = set;
    counted.push(set);
  }
  return ranked;
}

function demote(allowed: ByConfidence, some: ActionSet, size: number): void {
  const { high, medium } = allowed;
  if (medium !== undefined) {
    const low = allowed.low ?? ActionSet.empty(size);
    low.addMasked(medium, some);
    medium.removeAll(some);
    allowed.low = low;
  }
  if (high !== undefined) {
    const next = medium ?? ActionSet.empty(size);
    next.addMasked(high, some);
    high.removeAll(some);
    allowed.medium = next;
  }
}

/** What rests on both is as sure as the less sure of the two. */
export function lower(one: Confidence, other: Confidence): Confidence {
  if (one === 'low' || other === 'low') return 'low';
  return one === 'medium' || other === 'medium' ? 'medium' : 'high';
}

export function unionOf({ high, medium, low }: ByConfidence, size: number): ActionSet {
  if (medium === undefined && low === undefined) return high ?? ActionSet.empty(size);
  const union = ActionSet.empty(size);
  for (const set of [high, medium, low]) if (set !== undefined) union.addAll(set);
  return union;
}
