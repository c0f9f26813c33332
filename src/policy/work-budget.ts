/**
 * Comparisons that one policy may cost: some 50 ms. Policies of this world cost a few thousand; what runs out is text
 * made to run out, and its answer is a problem. It is charged whether a comparison was in a cache or not, so that the
 * same policy always gets the same answer.
 */
const MOST_COMPARISONS = 500_000;

export class WorkBudget {
  #left = MOST_COMPARISONS;

  /** False once the budget is used up. */
  spend(cost: number): boolean {
    this.#left -= cost;
    return this.#left >= 0;
  }
}
