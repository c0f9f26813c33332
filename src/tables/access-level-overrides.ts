import type { AccessLevel, ActionRow } from './action-table.ts';

/** One row of data/curated/access-level-overrides.json: where AWS's documented level misleads. */
export interface AccessLevelOverride {
  readonly service: string;
  readonly action: string;
  readonly accessLevel: AccessLevel;
  readonly reason: string;
  readonly reference: string;
}

/** The rows with their levels corrected. Throws an Error where an override is for an action that is not there. */
export function withOverrides(
  rows: readonly ActionRow[],
  overrides: readonly AccessLevelOverride[],
): readonly ActionRow[] {
  const levels = new Map(overrides.map((one) => [`${one.service}:${one.action}`, one.accessLevel]));
  const corrected = rows.map((row): ActionRow => {
    const [service, name, , resourceTypes] = row;
    const level = levels.get(`${service}:${name}`);
    levels.delete(`${service}:${name}`);
    return level === undefined ? row : [service, name, level, resourceTypes];
  });
  const [left] = levels.keys();
  if (left !== undefined) throw new Error(`access-level-overrides: ${left} is not in the table of actions`);
  return corrected;
}
