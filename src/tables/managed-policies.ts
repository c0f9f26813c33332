/** A policy that AWS manages: its latest version when the table was made. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly versionId: string;
  readonly document: { readonly [element: string]: unknown };
}

type Row = readonly [arn: string, versionId: string, document: ManagedPolicy['document']];

/**
 * The policies that AWS manages, by ARN. The table is 3 MB of text of which a service needs a few rows in its life:
 * it is kept as text, and a row is read when it is asked for.
 */
export class ManagedPolicies {
  readonly #text: string;
  /** Where the row of a policy begins, by the name after `:policy/`, which is the same in every partition. */
  readonly #rows = new Map<string, number>();

  /** `text` is data/generated/managed-policies.json: [ARN, version, document], one row a line. */
  constructor(text: string) {
    this.#text = text;
    let start = text.indexOf('\n') + 1;
    while (start > 0 && start < text.length) {
      const name = managedName(text.slice(start + 2, text.indexOf('"', start + 2)));
      if (name !== undefined) this.#rows.set(name, start);
      start = text.indexOf('\n', start) + 1;
    }
  }

  get size(): number {
    return this.#rows.size;
  }

  find(arn: string): ManagedPolicy | undefined {
    const start = this.#rows.get(managedName(arn) ?? '');
    if (start === undefined) return undefined;
    const end = this.#text.indexOf('\n', start);
    const row = this.#text.slice(start, end < 0 ? this.#text.length : end);
    const [, versionId, document]: Row = JSON.parse(row.endsWith(',') ? row.slice(0, -1) : row);
    return { arn, versionId, document };
  }
}

/** `AdministratorAccess` of `arn:aws:iam::aws:policy/AdministratorAccess`; `undefined` for a customer's policy. */
export function managedName(arn: string): string | undefined {
  const mark = arn.indexOf(':iam::aws:policy/');
  return mark < 0 ? undefined : arn.slice(mark + ':iam::aws:policy/'.length);
}
