import { type ParameterPath, parameterPath } from './parameter-test.ts';

/** One row of data/curated/passed-roles.json: the parameters in which a call names a role that it hands over. */
export interface PassedRoleRow {
  /** IAM prefix. */
  readonly service: string;
  /** Event names without a version suffix. */
  readonly events: readonly string[];
  /** Dotted paths into requestParameters; lists on the way are looked through. */
  readonly paths: readonly string[];
  readonly reason: string;
  readonly reference: string;
}

/** iam:PassRole leaves no event of its own (IAM User Guide, "Grant a user permissions to pass a role"). */
export class PassedRoles {
  readonly #paths = new Map<string, ParameterPath[]>();

  constructor(rows: readonly PassedRoleRow[]) {
    for (const row of rows) {
      for (const event of row.events) {
        const key = `${row.service}:${event}`.toLowerCase();
        this.#paths.set(key, [...(this.#paths.get(key) ?? []), ...row.paths.map(parameterPath)]);
      }
    }
  }

  paths(service: string, eventName: string): readonly ParameterPath[] {
    return this.#paths.get(`${service}:${eventName}`.toLowerCase()) ?? NONE;
  }
}

const NONE: readonly ParameterPath[] = [];
