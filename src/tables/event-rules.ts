import type { ActionTable, IamAction } from './action-table.ts';
import { type EventHost, EventHosts, type EventHostsFile, type PrefixChoice } from './event-hosts.ts';
import { NonApiEvents, type NonApiEventRow } from './non-api-events.ts';
import { type ParameterPath, type ParameterTest, type ParameterTestRow, parameterTest } from './parameter-test.ts';
import { type PassedRoleRow, PassedRoles } from './passed-roles.ts';

/** data/curated/event-actions.json: the calls whose event name is not the name of their IAM action. */
export interface EventActionsFile {
  readonly names: readonly EventActionRow[];
  /** Services that authorise by HTTP verb: the first word of the event name tells it. */
  readonly firstWords: readonly FirstWordRow[];
}

export interface EventActionRow {
  readonly service: string;
  readonly events: readonly string[];
  /** The called action first. Empty: the call needs no permission. With `cases`: all that it may be. */
  readonly actions: readonly string[];
  /** What the parameters say it was; the first case that holds decides, or each that holds with `collect`. */
  readonly cases?: readonly (ParameterTestRow & { readonly actions: readonly string[] })[];
  readonly collect?: boolean;
  readonly reason: string;
  readonly reference: string;
}

export interface FirstWordRow {
  readonly service: string;
  readonly word: string;
  readonly action: string;
  readonly reason: string;
  readonly reference: string;
}

/** The action(s) of one event name of one service, as far as the name alone tells. */
export interface EventRule {
  readonly mapping: 'exact' | 'rule';
  readonly service: string;
  readonly actions: readonly IamAction[];
  readonly cases: readonly { readonly test: ParameterTest; readonly actions: readonly IamAction[] }[];
  readonly collect: boolean;
  /** Where the call's parameters name a role that it hands to a service. */
  readonly rolePaths: readonly ParameterPath[];
}

/** All that is known of one pair of eventSource and eventName. */
export interface EventRules {
  readonly service: string | undefined;
  readonly rule: EventRule | undefined;
  readonly choices: readonly { readonly choice: PrefixChoice; readonly rule: EventRule | undefined }[];
  /** The rules of the other prefixes that know this name, where parameters must decide among them. */
  readonly rivals: readonly EventRule[];
  /** Why the pair is no API call although nothing else in the record may say so. */
  readonly notAnApiCall: string | undefined;
}

export interface EventRuleFiles {
  readonly hosts: EventHostsFile;
  readonly actions: EventActionsFile;
  readonly passedRoles: readonly PassedRoleRow[];
  readonly nonApiEvents: readonly NonApiEventRow[];
}

/** No IAM action has a name half as long; a longer one is not worth reading. */
const LONGEST_NAME = 128;
/** About twice the pairs that AWS can write. A cache that fills up is emptied, so hostile names cost time only. */
const MOST_CACHED = 40_000;

/** Lambda writes `Invoke20150331` and `AddPermission20150331v2`, CloudFront `GetDistribution2020_05_31`. */
const VERSION = /^(.+?)(?:\d{8}(?:v\d+)?|\d{4}_\d{2}_\d{2})$/;

export class EventRuleTable {
  readonly #actions: ActionTable;
  readonly #hosts: EventHosts;
  readonly #names = new Map<string, Omit<EventRule, 'rolePaths'>>();
  readonly #firstWords = new Map<string, FirstWordRow>();
  readonly #passedRoles: PassedRoles;
  readonly #nonApiEvents: NonApiEvents;
  readonly passRole: IamAction;
  readonly #cache = new Map<string, Map<string, EventRules>>();
  #cached = 0;

  constructor(files: EventRuleFiles, actions: ActionTable) {
    this.#actions = actions;
    this.#hosts = new EventHosts(files.hosts, actions);
    this.#passedRoles = new PassedRoles(files.passedRoles);
    this.#nonApiEvents = new NonApiEvents(files.nonApiEvents);
    this.passRole = this.#action('iam:PassRole');
    for (const row of files.actions.names) this.#addNames(row);
    for (const row of files.actions.firstWords) {
      this.#action(row.action);
      this.#firstWords.set(key(row.service, row.word), row);
    }
  }

  find(eventSource: string, eventName: string): EventRules {
    const found = this.#cache.get(eventSource)?.get(eventName);
    if (found !== undefined) return found;
    if (eventSource.length > LONGEST_NAME || eventName.length > LONGEST_NAME) return NOTHING;
    const rules = this.#build(eventSource, eventName);
    if (rules.rule !== undefined || rules.notAnApiCall !== undefined) this.#remember(eventSource, eventName, rules);
    return rules;
  }

  #remember(eventSource: string, eventName: string, rules: EventRules): void {
    if (this.#cached >= MOST_CACHED) {
      this.#cache.clear();
      this.#cached = 0;
    }
    const names = this.#cache.get(eventSource) ?? new Map<string, EventRules>();
    names.set(eventName, rules);
    this.#cache.set(eventSource, names);
    this.#cached += 1;
  }

  #build(eventSource: string, eventName: string): EventRules {
    const notAnApiCall = this.#nonApiEvents.reason(eventSource, eventName);
    const host = this.#hosts.find(eventSource);
    if (host === undefined) return { ...NOTHING, notAnApiCall };
    const known = host.prefixes.map((prefix) => this.#rule(prefix, eventName)).filter((rule) => rule !== undefined);
    const [rule, ...others] = known;
    return {
      service: rule?.service ?? host.prefixes[0],
      rule,
      choices: this.#choices(host, eventName),
      rivals: host.choices.length === 0 ? [] : others,
      notAnApiCall,
    };
  }

  #choices(host: EventHost, eventName: string): EventRules['choices'] {
    return host.choices.map((choice) => {
      const otherwise = choice.otherwise === undefined ? undefined : this.#plain(choice.otherwise, choice.prefix);
      return { choice, rule: this.#rule(choice.prefix, eventName) ?? otherwise };
    });
  }

  #plain(id: string, service: string): EventRule {
    return { mapping: 'rule', service, actions: [this.#action(id)], cases: [], collect: false, rolePaths: [] };
  }

  /** The rungs, surest first. Each is a fact of AWS; below the last one nothing is known, and nothing is guessed. */
  #rule(prefix: string, eventName: string): EventRule | undefined {
    const full = this.#named(prefix, eventName, 'exact');
    if (full !== undefined) return full;
    const bare = VERSION.exec(eventName)?.[1];
    const stripped = bare === undefined ? undefined : this.#named(prefix, bare, 'rule');
    return stripped ?? this.#byFirstWord(prefix, eventName);
  }

  /** The irregular names come before the exact ones: S3 has events that bear the name of another call's action. */
  #named(prefix: string, name: string, mapping: 'exact' | 'rule'): EventRule | undefined {
    const rolePaths = this.#passedRoles.paths(prefix, name);
    const irregular = this.#names.get(key(prefix, name));
    if (irregular !== undefined) return { ...irregular, rolePaths };
    const action = this.#actions.find(prefix, name);
    if (action === undefined) return undefined;
    return { mapping, service: action.service, actions: [action], cases: [], collect: false, rolePaths };
  }

  #byFirstWord(prefix: string, eventName: string): EventRule | undefined {
    const word = /^[A-Z][a-z]+/.exec(eventName)?.[0];
    const row = word === undefined ? undefined : this.#firstWords.get(key(prefix, word));
    if (row === undefined) return undefined;
    return { ...this.#plain(row.action, prefix), rolePaths: this.#passedRoles.paths(prefix, eventName) };
  }

  #addNames(row: EventActionRow): void {
    const rule: Omit<EventRule, 'rolePaths'> = {
      mapping: 'rule',
      service: row.service,
      actions: row.actions.map((id) => this.#action(id)),
      cases: (row.cases ?? []).map((one) => ({
        test: parameterTest(one),
        actions: one.actions.map((id) => this.#action(id)),
      })),
      collect: row.collect ?? false,
    };
    for (const event of row.events) this.#names.set(key(row.service, event), rule);
  }

  #action(id: string): IamAction {
    const colon = id.indexOf(':');
    const action = this.#actions.find(id.slice(0, colon), id.slice(colon + 1));
    if (action === undefined) throw new Error(`event rules: ${id} is not in the table of actions`);
    return action;
  }
}

const NOTHING: EventRules = {
  service: undefined,
  rule: undefined,
  choices: [],
  rivals: [],
  notAnApiCall: undefined,
};

function key(service: string, name: string): string {
  return `${service.toLowerCase()}:${name.toLowerCase()}`;
}
