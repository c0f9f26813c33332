export const CALL_OUTCOMES = ['success', 'denied', 'error', 'dry_run'] as const;

export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** One row of data/curated/error-outcomes.json. */
export interface ErrorOutcomeRow {
  readonly code: string;
  /** `contains` where services decorate the code: AccessDenied, AccessDeniedException, VpceAccessDenied. */
  readonly match: 'exact' | 'contains';
  readonly outcome: Exclude<CallOutcome, 'success'>;
  readonly reason: string;
  readonly reference: string;
}

/** What an errorCode says of a call: refused for want of permission, a dry run, or failed for any other reason. */
export class ErrorOutcomes {
  readonly #exact: ReadonlyMap<string, ErrorOutcomeRow>;
  readonly #contained: readonly ErrorOutcomeRow[];

  constructor(rows: readonly ErrorOutcomeRow[]) {
    this.#exact = new Map(rows.map((row) => [row.code, row]));
    this.#contained = rows.filter((row) => row.match === 'contains');
  }

  outcomeOf(errorCode: string): CallOutcome {
    const row = this.#exact.get(errorCode) ?? this.#contained.find(({ code }) => errorCode.includes(code));
    return row?.outcome ?? 'error';
  }
}
