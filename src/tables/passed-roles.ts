import { type ParameterPath, parameterPath } from './parameter-test.ts';

/** One row of data/curated/passed-roles.json: the parameters in which a call names a role that it hands over. */
export interface PassedRoleRow {
  /** IAM prefix. */
  readonly service: string;
  /** Event names without a version suffix. */
  readonly events: readonly string[];
  /** Dotted paths into requestParameters; lists on the way are looked through, `*` stands for any key. */
  readonly paths: readonly string[];
  /** The parameter holds other texts too: only the ARN of a role or instance profile counts. */
  readonly arnOnly?: true;
  readonly reason: string;
  readonly reference: string;
}

export interface RoleParameter {
  readonly path: ParameterPath;
  readonly arnOnly: boolean;
}

/** iam:PassRole leaves no event of its own (IAM User Guide, "Grant a user permissions to pass a role"). */
export class PassedRoles {
  readonly #parameters = new Map<string, readonly RoleParameter[]>();

  constructor(rows: readonly PassedRoleRow[]) {
    for (const row of rows) {
      const added = row.paths.map((path) => ({ path: parameterPath(path), arnOnly: row.arnOnly ?? false }));
      for (const event of row.events) {
        const key = `${row.service}:${event}`.toLowerCase();
        this.#parameters.set(key, [...(this.#parameters.get(key) ?? []), ...added]);
      }
    }
  }

  parameters(service: string, eventName: string): readonly RoleParameter[] {
    return this.#parameters.get(`${service}:${eventName}`.toLowerCase()) ?? NONE;
  }
}

const NONE: readonly RoleParameter[] = [];
