import { type AccessLevel, type ActionTable, type IamAction, PASS_ROLE } from './action-table.ts';
import { withoutApiVersion } from './call-name.ts';

export const RISK_CATEGORIES = [
  'privilege_escalation',
  'resource_exposure',
  'data_exfiltration',
  'credentials_exposure',
] as const;
export type RiskCategory = (typeof RISK_CATEGORIES)[number];

/** From harmless to gravest. */
export const RISK_LEVELS = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

export function isAtLeast(level: RiskLevel, least: RiskLevel): boolean {
  return RISK_LEVELS.indexOf(level) >= RISK_LEVELS.indexOf(least);
}

/** One row of data/generated/risk-actions.json, for the actions that their access level alone does not judge. */
export type RiskActionRow = readonly [
  action: string,
  level: RiskLevel,
  categories: readonly RiskCategory[],
  reason: string,
];

/** One row of data/curated/risk-levels.json: what an access level means where no row speaks. First match wins. */
export interface RiskDefault {
  readonly accessLevels: readonly AccessLevel[];
  /** Service prefixes; left out: every service. */
  readonly services?: readonly string[];
  readonly level: RiskLevel;
  readonly categories: readonly RiskCategory[];
  readonly reason: string;
}

/**
 * One row of data/curated/risk-events.json: what calls mean whose action serves others too, of the opposite effect
 * perhaps (`s3:PutReplicationConfiguration` is also DeleteBucketReplication), or is no documented action yet.
 */
export interface RiskEventRow {
  /** The called action. */
  readonly action: string;
  /** Event names without a version suffix. */
  readonly events: readonly string[];
  readonly level: RiskLevel;
  readonly categories: readonly RiskCategory[];
  readonly reason: string;
}

/**
 * One row of data/generated/escalation-methods.json: a published way to gain privileges.
 * `carriers` are the members of a combination that show it even when seen alone; the others never do.
 */
export type EscalationMethodRow = readonly [
  name: string,
  requires: readonly string[],
  carriers: readonly string[],
  sources: readonly string[],
];

export interface ActionRisk {
  readonly action: string;
  readonly level: RiskLevel;
  readonly categories: readonly RiskCategory[];
  /** Escalation methods that this action completes, or that it carries the decisive part of. */
  readonly methods: readonly string[];
  readonly reason: string;
}

/** What a call can do, all its actions taken together. */
export interface CallRisk {
  readonly level: RiskLevel;
  readonly categories: readonly RiskCategory[];
  readonly methods: readonly string[];
  /** Service prefixes whose resources the call touches, the called one first. */
  readonly services: readonly string[];
  readonly reasons: readonly string[];
}

export interface RiskRows {
  readonly actions: readonly RiskActionRow[];
  readonly events: readonly RiskEventRow[];
  readonly defaults: readonly RiskDefault[];
  readonly methods: readonly EscalationMethodRow[];
}

const NOTHING: CallRisk = { level: 'none', categories: [], methods: [], services: [], reasons: [] };

/** The risk of every IAM action. An action is judged when it is first met, and then known. */
export class RiskTable {
  readonly #rows: ReadonlyMap<string, RiskActionRow>;
  readonly #events: ReadonlyMap<string, ReadonlyMap<string, CallRisk>>;
  readonly #defaults: readonly RiskDefault[];
  /** Methods that an action completes alone, and those that begin when a role is passed to it. */
  readonly #methods: ActionMethods;
  readonly #judged: (JudgedAction | undefined)[];

  /** Throws an Error where no row judges some access level of some service. */
  constructor(actions: ActionTable, rows: RiskRows) {
    this.#rows = new Map(rows.actions.map((row) => [row[0].toLowerCase(), row]));
    this.#events = eventsByAction(rows.events);
    this.#defaults = rows.defaults;
    this.#methods = methodsByAction(rows.methods);
    this.#judged = new Array(actions.all.length);
    for (const action of actions.all) defaultFor(action, this.#defaults);
  }

  of(action: IamAction): ActionRisk {
    return this.#judge(action).alone;
  }

  /**
   * The risk of a call that needs these actions (`action.iam` of the answer: the called one first).
   * `iam:PassRole` counts only together with the action that the role is handed to.
   * @param eventName as the event has it: some actions serve calls of opposite effect
   */
  ofCall(actions: readonly IamAction[], eventName: string | undefined): CallRisk {
    const [called] = actions;
    if (called === undefined) return NOTHING;
    if (actions.length === 1) return this.#riskIn(called, eventName);
    const others = actions.filter(({ id }) => id !== PASS_ROLE);
    const merged = (others.length > 0 ? others : actions)
      .map((action) => this.#riskIn(action, eventName))
      .reduce(join, NOTHING);
    return others.length < actions.length && others.length > 0 ? this.#passing(merged, others) : merged;
  }

  #riskIn(action: IamAction, eventName: string | undefined): CallRisk {
    const { call, events } = this.#judge(action);
    if (events === undefined || eventName === undefined) return call;
    return events.get(withoutApiVersion(eventName).toLowerCase()) ?? call;
  }

  #judge(action: IamAction): JudgedAction {
    const known = this.#judged[action.index];
    if (known !== undefined) return known;
    const row = this.#rows.get(action.id.toLowerCase());
    const alone = judge(action, row, this.#defaults, this.#methods.alone);
    const judged = { alone, call: ofOne(alone, action.service), events: this.#events.get(action.id) };
    this.#judged[action.index] = judged;
    return judged;
  }

  #passing(risk: CallRisk, launching: readonly IamAction[]): CallRisk {
    const methods = launching.flatMap(({ id }) => this.#methods.withPassRole.get(id) ?? []);
    const services = union(risk.services, ['iam']);
    if (methods.length === 0) return { ...risk, services };
    return {
      level: higher(risk.level, 'medium'),
      categories: union(['privilege_escalation'], risk.categories),
      methods: union(methods, risk.methods),
      services,
      reasons: union(
        ['The call hands an IAM role to code or a machine that the caller controls.'],
        risk.reasons,
      ),
    };
  }
}

function judge(
  action: IamAction,
  row: RiskActionRow | undefined,
  defaults: readonly RiskDefault[],
  methods: ReadonlyMap<string, readonly string[]>,
): ActionRisk {
  const own = { action: action.id, methods: methods.get(action.id) ?? [] };
  if (row !== undefined) return { ...own, level: row[1], categories: row[2], reason: row[3] };
  const fallback = defaultFor(action, defaults);
  return { ...own, level: fallback.level, categories: fallback.categories, reason: fallback.reason };
}

function defaultFor(action: IamAction, defaults: readonly RiskDefault[]): RiskDefault {
  for (const row of defaults) {
    if (row.accessLevels.includes(action.accessLevel) && (row.services?.includes(action.service) ?? true))
      return row;
  }
  throw new Error(`No row of risk-levels.json judges ${action.id}`);
}

interface JudgedAction {
  readonly alone: ActionRisk;
  readonly call: CallRisk;
  /** By event name in lower case, for the calls that mean something else than the action. */
  readonly events: ReadonlyMap<string, CallRisk> | undefined;
}

function eventsByAction(rows: readonly RiskEventRow[]): Map<string, Map<string, CallRisk>> {
  const found = new Map<string, Map<string, CallRisk>>();
  for (const { action, events, ...decision } of rows) {
    const risk = ofOne({ action, methods: [], ...decision }, action.slice(0, action.indexOf(':')));
    const risks = found.get(action) ?? new Map<string, CallRisk>();
    for (const event of events) risks.set(event.toLowerCase(), risk);
    found.set(action, risks);
  }
  return found;
}

function ofOne(risk: ActionRisk, service: string): CallRisk {
  return Object.freeze({
    level: risk.level,
    categories: risk.categories,
    methods: risk.methods,
    services: risk.level === 'none' ? [] : [service],
    reasons: risk.level === 'none' ? [] : [risk.reason],
  });
}

interface ActionMethods {
  readonly alone: ReadonlyMap<string, readonly string[]>;
  readonly withPassRole: ReadonlyMap<string, readonly string[]>;
}

function methodsByAction(rows: readonly EscalationMethodRow[]): ActionMethods {
  const alone = new Map<string, string[]>();
  const withPassRole = new Map<string, string[]>();
  for (const [name, requires, carriers] of rows) {
    const passes = requires.includes(PASS_ROLE);
    const shown = !passes && requires.length === 1 ? requires : carriers;
    for (const action of shown) append(passes ? withPassRole : alone, action, name);
  }
  return { alone, withPassRole };
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key) ?? [];
  values.push(value);
  map.set(key, values);
}

function join(a: CallRisk, b: CallRisk): CallRisk {
  return {
    level: higher(a.level, b.level),
    categories: union(a.categories, b.categories),
    methods: union(a.methods, b.methods),
    services: union(a.services, b.services),
    reasons: union(a.reasons, b.reasons),
  };
}

export function higher(a: RiskLevel, b: RiskLevel): RiskLevel {
  return isAtLeast(a, b) ? a : b;
}

export function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return b.length === 0 ? a : a.length === 0 ? b : [...new Set([...a, ...b])];
}
