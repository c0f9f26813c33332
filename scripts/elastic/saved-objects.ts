import { isObject, type JsonObject } from '../../src/event/json.ts';

export interface Reference {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

export interface SavedObject extends JsonObject {
  readonly type: string;
  readonly id: string;
  readonly attributes: JsonObject;
  readonly references: readonly Reference[];
}

/** JSON with sorted keys, so that the same model always gives the same bytes. */
export function stableJson(value: unknown, indent?: number): string {
  return JSON.stringify(sorted(value), undefined, indent);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** One object a line; the last line says how many there are. */
export function ndjson(objects: readonly SavedObject[], summary: JsonObject): string {
  const lines = [...objects, { ...summary, exportedCount: objects.length }];
  return lines.map((line) => `${stableJson(line)}\n`).join('');
}

export function kql(query = ''): { readonly query: string; readonly language: 'kuery' } {
  return { query, language: 'kuery' };
}
