/**
 * Comparisons that one policy may cost. The longest policy that IAM accepts (10,240 characters) cannot spend half of
 * it, so that only text that AWS would refuse runs out; it is charged whether the answer was in a cache or not, so
 * that the same policy always gets the same answer.
 */
export const MOST_COMPARISONS = 1_000_000;

export class WorkBudget {
  #left = MOST_COMPARISONS;

  /** False once the budget is used up. */
  spend(cost: number): boolean {
    this.#left -= cost;
    return this.#left >= 0;
  }
}
