/** As AWS documents them. */
export const ACCESS_LEVELS = ['List', 'Read', 'Write', 'Permissions management', 'Tagging'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** One row of data/generated/actions.json: [service prefix, name, access level, resource types]. */
export type ActionRow = readonly [
  service: string,
  name: string,
  accessLevel: AccessLevel,
  resourceTypes: readonly string[],
];

/**
 * An IAM action as the AWS Service Authorization Reference lists it.
 * `index` is its place in the table, so that a set of actions can be a set of bits.
 */
export interface IamAction {
  readonly index: number;
  readonly id: string;
  readonly service: string;
  readonly name: string;
  readonly accessLevel: AccessLevel;
  /** Empty where the action takes no resource but `*`. */
  readonly resourceTypes: readonly string[];
}

/** Leaves no event of its own, and may be allowed for some roles only. */
export const PASS_ROLE = 'iam:PassRole';

/** All IAM actions. IAM compares service prefixes and action names without regard to case. */
export class ActionTable {
  readonly all: readonly IamAction[];
  readonly #services = new Map<string, Map<string, IamAction>>();

  constructor(rows: readonly ActionRow[]) {
    this.all = rows.map(([service, name, accessLevel, resourceTypes], index) => ({
      index,
      id: `${service}:${name}`,
      service,
      name,
      accessLevel,
      resourceTypes,
    }));
    for (const action of this.all) {
      const key = action.service.toLowerCase();
      const service = this.#services.get(key) ?? new Map<string, IamAction>();
      service.set(action.name.toLowerCase(), action);
      this.#services.set(key, service);
    }
  }

  hasService(service: string): boolean {
    return this.#services.has(service.toLowerCase());
  }

  actionsOf(service: string): Iterable<IamAction> {
    return this.#services.get(service.toLowerCase())?.values() ?? [];
  }

  find(service: string, name: string): IamAction | undefined {
    return this.#services.get(service.toLowerCase())?.get(name.toLowerCase());
  }

  /** `s3:GetObject`, in any case. */
  named(id: string): IamAction | undefined {
    const colon = id.indexOf(':');
    return this.find(id.slice(0, colon), id.slice(colon + 1));
  }
}
