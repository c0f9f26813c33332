/**
 * Comparisons that one policy may cost: some 200 ms. A policy of this world costs a few thousand. What fits AWS's
 * quotas costs less: 10,240 characters (the inline policies of a role, a control policy) hold some 1,100 patterns such
 * as `ec2:*a`, each held against 826 names, and the 20,480 of an endpoint policy twice as many; those of a bucket
 * policy hold some 840 patterns of resources, one half held against the other. So nothing that AWS accepts is refused,
 * and nobody hides an action behind patterns that use the budget up. It is charged whether a comparison was in a cache
 * or not, so that the same policy always gets the same answer.
 *
 * Quotas: IAM User Guide, "IAM and AWS STS quotas"; AWS Organizations User Guide, "Quotas"; Amazon VPC, "AWS
 * PrivateLink quotas"; Amazon S3 User Guide, "Bucket policies".
 */
const MOST_COMPARISONS = 2_000_000;

export class WorkBudget {
  #left = MOST_COMPARISONS;

  /** False once the budget is used up. */
  spend(cost: number): boolean {
    this.#left -= cost;
    return !this.isSpent;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }
}

/** No name of an action is longer, so that what stands farther behind in a pattern is never looked at. */
const LONGEST_NAME = 64;

/** A cache of action patterns takes none that is longer, so that it stays small whatever is sent. */
export const LONGEST_CACHED_PATTERN = 2 * LONGEST_NAME;
/** That the patterns in such a cache stand for, altogether. */
export const MOST_CACHED_ACTIONS = 200_000;

/** What it costs to hold a pattern against one name. */
export function costOfPattern(pattern: string): number {
  return 1 + (Math.min(pattern.length, LONGEST_NAME) >>> 5);
}

/** What it costs to take a pattern apart, once. */
export function costOfReading(pattern: string): number {
  return pattern.length >>> 4;
}
