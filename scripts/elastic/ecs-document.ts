import { isIP } from 'node:net';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { isObject, type JsonObject, objectAt, own } from '../../src/event/json.ts';
import { parseTime } from '../../src/event/time.ts';
import { EVENT_FIELDS, type EventField } from './event-fields.ts';

/**
 * The fields that are indexed of a record and its answer, by the table elastic/ecs-fields.json: what the pipelines and
 * the ingest pipeline make together, without the record's own fields, which no mapping knows.
 */
export function ecsDocument(record: JsonObject, answer: Enrichment): JsonObject {
  const { threat, related, ...detrails } = answer;
  const document: Record<string, unknown> = {};
  for (const field of EVENT_FIELDS) {
    put(document, field.field, fieldValue(record, answer, field));
  }
  return { ...document, ...(threat && { threat }), ...(related && { related }), detrails };
}

function fieldValue(
  record: JsonObject,
  answer: Enrichment,
  { from, fallback, value, rule }: EventField,
): unknown {
  if (value !== undefined) return value;
  const found = at(record, from ?? '') ?? (fallback === undefined ? undefined : at(record, fallback));
  switch (rule) {
    case 'outcome':
      return answer.action.outcome === 'success' ? 'success' : 'failure';
    case 'time': {
      const time = typeof found === 'string' ? parseTime(found) : undefined;
      return time === undefined ? undefined : new Date(time).toISOString();
    }
    case 'address':
      return typeof found === 'string' && isIP(found) !== 0 ? found : undefined;
    case 'truth':
      return TRUTHS.get(String(found).toLowerCase());
    case 'object':
      return isObject(found) ? found : undefined;
    case 'without_token':
      return isObject(found) ? withoutToken(found) : undefined;
    default:
      return found;
  }
}

const TRUTHS = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

function at(record: JsonObject, path: string): unknown {
  const found = path
    .split('.')
    .reduce<unknown>((value, name) => (isObject(value) ? own(value, name) : undefined), record);
  return found === null || found === '' ? undefined : found;
}

function withoutToken(response: JsonObject): JsonObject {
  const credentials = objectAt(response, 'credentials');
  if (credentials === undefined) return response;
  const { sessionToken: _, ...rest } = credentials;
  return { ...response, credentials: rest };
}

function put(document: Record<string, unknown>, path: string, value: unknown): void {
  if (value === undefined || (isObject(value) && Object.keys(value).length === 0)) return;
  const names = path.split('.');
  const leaf = names.pop() as string;
  const parent = names.reduce((node, name) => {
    node[name] ??= {};
    return node[name] as Record<string, unknown>;
  }, document);
  parent[leaf] = value;
}
