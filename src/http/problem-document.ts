import { REFUSALS, type RefusalCode } from '../errors.ts';

/** RFC 9457. What was sent is never repeated: Logstash writes this answer into its log. */
export interface ProblemDocument {
  readonly title: string;
  readonly status: number;
  readonly code: RefusalCode;
  readonly path?: string;
  readonly detail?: string;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function problemDocument(code: RefusalCode, path?: string, detail?: string): ProblemDocument {
  const { title, status } = REFUSALS[code];
  return { title, status, code, ...(path ? { path } : {}), ...(detail ? { detail } : {}) };
}
