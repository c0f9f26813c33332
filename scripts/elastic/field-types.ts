import { EnrichmentSchema } from '../../src/enrichment/enrichment.ts';
import { arrayAt, isObject, type JsonObject, objectAt, textAt } from '../../src/event/json.ts';
import { EVENT_FIELDS, type FieldType } from './event-fields.ts';

/** Path of a field in the indexed document, and its type. */
export type Fields = ReadonlyMap<string, FieldType>;

/**
 * These stand at the root of the document: they are ECS's own. The pipelines rename `detrails.threat` to `threat` and
 * append `detrails.related` to `related`.
 */
const ECS_PARTS = ['threat', 'related'];

/** Where a string or a number is more than that; everything else follows from the answer's schema. */
const SPECIAL: Readonly<Record<string, FieldType>> = {
  'detrails.origin.credential.issued_at': 'date',
  'detrails.origin.credential.expires_at': 'date',
  'detrails.source_check.first_seen': 'date',
  'detrails.issued.expires_at': 'date',
  'detrails.origin.source.ip': 'ip',
  'related.ip': 'ip',
  'detrails.risk.score': 'short',
};

/**
 * The fields that an answer can hold, from its schema. A list of objects is one `flattened` field: Lens reads neither
 * nested fields nor sub-keys, so what dashboards need of it stands in plain fields beside it.
 */
export function answerFields(): Fields {
  const fields = new Map<string, FieldType>();
  for (const [name, schema] of Object.entries(EnrichmentSchema.properties)) {
    const path = ECS_PARTS.includes(name) ? name : `detrails.${name}`;
    if (isObject(schema)) addFields(fields, path, schema);
  }
  return fields;
}

/** Those fields of an answer that are lists of plain values. */
export function answerLists(): readonly string[] {
  return Object.entries(EnrichmentSchema.properties).flatMap(([name, schema]) =>
    isObject(schema) ? listsBelow(ECS_PARTS.includes(name) ? name : `detrails.${name}`, schema) : [],
  );
}

function listsBelow(path: string, schema: JsonObject): readonly string[] {
  const properties = objectAt(schema, 'properties');
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([name, property]) =>
      isObject(property) ? listsBelow(`${path}.${name}`, property) : [],
    );
  }
  const items = objectAt(schema, 'items');
  return items === undefined || objectAt(items, 'properties') !== undefined ? [] : [path];
}

/** The fields of the event itself, where nothing else maps them. */
export function eventFields(): Fields {
  return new Map(EVENT_FIELDS.map(({ field, type }) => [field, type]));
}

function addFields(fields: Map<string, FieldType>, path: string, schema: JsonObject): void {
  const properties = objectAt(schema, 'properties');
  if (properties === undefined) {
    fields.set(path, SPECIAL[path] ?? typeOf(path, schema));
    return;
  }
  for (const [name, property] of Object.entries(properties)) {
    if (isObject(property)) addFields(fields, `${path}.${name}`, property);
  }
}

function typeOf(path: string, schema: JsonObject): FieldType {
  const items = objectAt(schema, 'items');
  if (items !== undefined) return typeOf(path, items);
  const branches = arrayAt(schema, 'anyOf')?.filter(isObject);
  const branch = branches?.find((one) => textAt(one, 'type') !== 'null');
  if (branch !== undefined) return typeOf(path, branch);
  switch (textAt(schema, 'type')) {
    case 'boolean':
      return 'boolean';
    case 'integer':
      return 'long';
    case 'object':
      return 'flattened';
    case 'string':
      return 'keyword';
    default:
      if (arrayAt(schema, 'enum')?.every((value) => typeof value === 'string') === true) return 'keyword';
      throw new Error(`no type of Elasticsearch is known for ${path}`);
  }
}
