import { type Condition, type Plugin, plainValue, type Statement } from '../../scripts/logstash/config.ts';
import {
  getField,
  interpolate,
  type LogstashEvent,
  removeField,
  setField,
  tagEvent,
  toJson,
} from './event.ts';
import { type HttpFilter, httpFilter, type Settings, settingsOf } from './http-filter.ts';

/** The filters of a pipeline, over one event at a time; each http filter has one client for all events. */
export interface FilterRun {
  apply(event: LogstashEvent): Promise<LogstashEvent>;
  readonly httpFilters: readonly HttpFilter[];
  close(): void;
}

export function filterRun(
  statements: readonly Statement[],
  variables: { readonly [name: string]: string },
): FilterRun {
  const clients = new Map<Plugin, HttpFilter>();

  async function run(body: readonly Statement[], event: LogstashEvent): Promise<void> {
    for (const statement of body) {
      if (statement.type === 'plugin') await applyPlugin(statement, event);
      else await run(statement.cases.find((entry) => isMet(entry.condition, event))?.body ?? [], event);
    }
  }

  async function applyPlugin(plugin: Plugin, event: LogstashEvent): Promise<void> {
    const settings = settingsOf(plugin);
    if (plugin.name === 'http') {
      const filter = clients.get(plugin) ?? httpFilter(settings, variables);
      clients.set(plugin, filter);
      return filter.apply(event);
    }
    const apply = LOCAL_FILTERS[plugin.name];
    if (apply === undefined) throw new Error(`${plugin.name} is not known here`);
    apply(event, settings);
    for (const field of listOf(settings['remove_field'])) removeField(event, field);
  }

  return {
    async apply(event) {
      await run(statements, event);
      return event;
    },
    get httpFilters() {
      return [...clients.values()];
    },
    close: () => {
      for (const { client } of clients.values()) client.close();
    },
  };
}

const LOCAL_FILTERS: { readonly [name: string]: (event: LogstashEvent, settings: Settings) => void } = {
  mutate: applyMutate,
  ruby: applyRuby,
  json: applyJson,
};

/** In the plugin's own order: rename, then merge, then copy, whatever the order in the file. */
function applyMutate(event: LogstashEvent, settings: Settings): void {
  for (const [from, to] of entriesOf(settings['rename'])) {
    if (getField(event, from) !== undefined) setField(event, to, removeField(event, from));
  }
  for (const [to, from] of entriesOf(settings['merge'])) {
    setField(event, to, [getField(event, to) ?? [], getField(event, from) ?? []].flat());
  }
  for (const [from, to] of entriesOf(settings['copy'])) {
    const value = getField(event, from);
    if (value !== undefined && value !== null) setField(event, to, structuredClone(value));
  }
}

/** The one line of Ruby that the pipelines use; any other is a reason to look at this test again. */
function applyRuby(event: LogstashEvent, settings: Settings): void {
  const target = /^event\.set\('([^']+)', event\.to_json\)$/.exec(String(settings['code']))?.[1];
  if (target === undefined) throw new Error('this Ruby is not known here');
  setField(event, target, toJson(event));
}

function applyJson(event: LogstashEvent, settings: Settings): void {
  try {
    const text = getField(event, String(settings['source']));
    if (typeof text === 'string') setField(event, String(settings['target']), JSON.parse(text));
  } catch {
    if (settings['skip_on_invalid_json'] !== 'true') tagEvent(event, ['_jsonparsefailure']);
  }
}

function entriesOf(value: unknown): [string, string][] {
  return Object.entries((value ?? {}) as { [key: string]: string });
}

function listOf(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}

/** No condition is `else`. A field alone is met where it is neither missing, null nor false. */
function isMet(condition: Condition | undefined, event: LogstashEvent): boolean {
  if (condition === undefined) return true;
  switch (condition.type) {
    case 'all':
      return condition.of.every((part) => isMet(part, event));
    case 'any':
      return condition.of.some((part) => isMet(part, event));
    case 'not':
      return !isMet(condition.of, event);
    case 'field': {
      const value = getField(event, condition.reference);
      return value !== undefined && value !== null && value !== false;
    }
    case 'compare':
      return isEqual(condition.operator, operand(condition.left, event), operand(condition.right, event));
    default:
      throw new Error(`a condition of type ${condition.type} is not known here`);
  }
}

function isEqual(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  throw new Error(`${operator} is not known here`);
}

function operand(condition: Condition, event: LogstashEvent): unknown {
  if (condition.type === 'field') return getField(event, condition.reference);
  if (condition.type !== 'literal') throw new Error('neither a field nor a literal');
  const value = plainValue(condition.value);
  return typeof value === 'string' ? interpolate(event, value) : value;
}
