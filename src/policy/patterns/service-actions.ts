import type { ActionTable } from '../../tables/action-table.ts';

/** The actions of one service by name, so that a pattern is held against that service's names only. */
export interface ServiceActions {
  /** The prefix as the table spells it. */
  readonly service: string;
  /** Names in lower case, in code-point order. */
  readonly names: readonly string[];
  /** The action's index in the table, at the place of its name. */
  readonly indices: Uint32Array;
}

type ActionsByService = ReadonlyMap<string, ServiceActions>;

/** Both modes need it, and a table never changes. */
const GROUPS = new WeakMap<ActionTable, ActionsByService>();

/** Keyed by the service prefix in lower case. */
export function groupByService(table: ActionTable): ActionsByService {
  const known = GROUPS.get(table);
  if (known !== undefined) return known;
  const services = group(table);
  GROUPS.set(table, services);
  return services;
}

function group(table: ActionTable): ActionsByService {
  const groups = new Map<string, { service: string; members: { name: string; index: number }[] }>();
  for (const action of table.all) {
    const key = action.service.toLowerCase();
    const group = groups.get(key) ?? { service: action.service, members: [] };
    group.members.push({ name: action.name.toLowerCase(), index: action.index });
    groups.set(key, group);
  }
  const services = new Map<string, ServiceActions>();
  for (const [key, { service, members }] of groups) {
    members.sort((a, b) => (a.name < b.name ? -1 : 1));
    const indices = Uint32Array.from(members, (member) => member.index);
    services.set(key, { service, names: members.map((member) => member.name), indices });
  }
  return services;
}

/** The places of the names that begin with `prefix` (lower case): [first, end). */
export function placesOfPrefix(
  names: readonly string[],
  prefix: string,
): readonly [first: number, end: number] {
  const first = firstPlace(names, (name) => name >= prefix);
  if (prefix === '') return [0, names.length];
  let end = first;
  while (end < names.length && names[end]?.startsWith(prefix)) end++;
  return [first, end];
}

function firstPlace(names: readonly string[], reached: (name: string) => boolean): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(names[middle] ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
}
