import type { AccessLevel, ActionTable, IamAction } from './action-table.ts';

/** One row of data/generated/sdk-actions.json: [service prefix, name, access level of like calls]. */
export type SdkActionRow = readonly [service: string, name: string, accessLevel: AccessLevel];

/**
 * Actions that AWS's SDK shows by an operation, and that the Service Authorization Reference, which follows some
 * weeks behind, does not list yet. AWS names the action as the operation; the access level is that of like calls.
 * They are kept apart from the table of actions, so that policies are judged by what AWS documents.
 */
export class SdkActions {
  readonly #services = new Map<string, Map<string, IamAction>>();

  constructor(rows: readonly SdkActionRow[], documented: ActionTable) {
    rows.forEach(([service, name, accessLevel], position) => {
      const id = `${service}:${name}`;
      const index = documented.all.length + position;
      const actions = this.#services.get(service) ?? new Map<string, IamAction>();
      actions.set(name.toLowerCase(), { index, id, service, name, accessLevel, resourceTypes: [] });
      this.#services.set(service, actions);
    });
  }

  hasService(service: string): boolean {
    return this.#services.has(service);
  }

  find(service: string, name: string): IamAction | undefined {
    return this.#services.get(service)?.get(name.toLowerCase());
  }
}
