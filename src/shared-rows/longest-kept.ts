/** Milliseconds. IAM's own facts do not expire; a row that nothing touches for so long has no reader either. */
export const LONGEST_KEPT = 400 * 24 * 3_600_000;
