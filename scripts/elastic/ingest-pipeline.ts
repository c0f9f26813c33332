import { CARRIERS } from '../../src/event/find-record.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { RECORD_LISTS } from '../../src/event/record-lists.ts';
import { EVENT_FIELDS, type EventField } from './event-fields.ts';
import { CUT_LONG_TEXTS, FIND_RECORD, hasFailed, KEEP_FIELDS, LIFT_ECS_PARTS } from './ingest-scripts.ts';

export type Engine = 'elasticsearch' | 'opensearch';

export const PIPELINE_NAME = 'detrails-cloudtrail';

/** The record's fields that are read, until they have been copied. */
const READ = 'detrails_record';
const SCRATCH = 'detrails_scratch';

/** Firehose's field: no processor decodes base64. */
const ENCODED = 'data';

/** Fields that hold a record or another envelope, as an object or as text; of a path each part. */
const CARRIER_FIELDS = [
  ...new Set(
    [...CARRIERS.flatMap(([name]) => name.split('.')), ...RECORD_LISTS].filter((name) => name !== ENCODED),
  ),
];

/** Texts inside texts: SNS as text in SQS around EventBridge as text in SNS. */
const MAX_TEXTS = 3;

/** Objects inside objects, in one text. */
const MAX_ENVELOPES = 4;

/**
 * Lucene takes no term of more than 32,766 bytes, and flat_object makes one of the path and the value of every leaf;
 * a character is up to three bytes in UTF-8. (Elasticsearch's flattened has `ignore_above`.)
 */
const MOST_CHARACTERS = 8_000;

/** `serviceEventDetails` is read for the outcome of sign-ins only. */
const RECORD_FIELDS = [
  ...new Set([
    ...EVENT_FIELDS.flatMap(({ from, fallback }) => [from, fallback]).flatMap(
      (path) => path?.split('.')[0] ?? [],
    ),
    'serviceEventDetails',
  ]),
];

/** What the templates map as objects at the root. */
const OBJECTS = [
  ...new Set([
    ...EVENT_FIELDS.filter(({ field }) => field.includes('.')).map(({ field }) => field.split('.')[0]),
    'threat',
    'related',
  ]),
];

/**
 * `PUT _ingest/pipeline/detrails-cloudtrail`: gives the fields of the record their ECS names. The record may stand at
 * the root (codec cloudtrail, json), as text in `message`, or in an envelope. What stands under those names before is
 * of the way that the event took, such as the client of Logstash's http input or the cloud of Filebeat's machine, so
 * the record wins; an event that an integration has read holds no record any more, and keeps its fields. No processor
 * fails a document.
 */
export function ingestPipeline(engine: Engine): JsonObject {
  const copy = copierOf(engine);
  return {
    // ECS's word for it; the document is indexed all the same.
    on_failure: [{ set: { field: 'event.kind', value: 'pipeline_error' } }],
    description: 'CloudTrail fields by their names in ECS, for indices that no integration fills.',
    processors: [
      ...findRecord(),
      ...OBJECTS.map(outOfTheWay),
      script(LIFT_ECS_PARTS),
      ...EVENT_FIELDS.flatMap((field) => processors(field, copy)),
      { set: { field: 'event.outcome', value: 'success', override: false, ignore_failure: true } },
      remove('aws.cloudtrail.flattened.response_elements.credentials.sessionToken'),
      ...(engine === 'opensearch' ? [cutLongTexts()] : []),
      remove(READ),
    ],
  };
}

/** A text that is no JSON stays a text, and is dropped at the end. */
function findRecord(): readonly JsonObject[] {
  const find = script(FIND_RECORD, { carriers: CARRIER_FIELDS, envelopes: MAX_ENVELOPES, target: READ });
  const readText = { json: { field: READ, if: `ctx.${READ} instanceof String`, ignore_failure: true } };
  const rounds = Array.from({ length: MAX_TEXTS }, () => [readText, find]).flat();
  return [find, ...rounds, script(KEEP_FIELDS, { fields: RECORD_FIELDS, target: READ })];
}

function script(source: string, params: JsonObject = {}): JsonObject {
  return { script: { lang: 'painless', source, params, ignore_failure: true } };
}

/** EventBridge has a text `source`, where ECS has an object: the index would refuse the document. */
function outOfTheWay(name: string | undefined): JsonObject {
  return {
    rename: {
      field: `${name}`,
      target_field: `envelope.${name}`,
      if: `ctx.${name} instanceof String`,
      ignore_failure: true,
    },
  };
}

function cutLongTexts(): JsonObject {
  const fields = EVENT_FIELDS.filter(({ type }) => type === 'flattened').map(({ field }) =>
    field.replace('aws.cloudtrail.flattened.', ''),
  );
  return script(CUT_LONG_TEXTS, { fields, characters: MOST_CHARACTERS });
}

type Copy = (from: string, to: string) => JsonObject;

/** Elasticsearch copies with `set`, OpenSearch with `copy`. */
function copierOf(engine: Engine): Copy {
  return engine === 'elasticsearch'
    ? (from, to) => ({
        set: { field: to, copy_from: from, ignore_empty_value: true, ignore_failure: true },
      })
    : (from, to) => ({
        copy: {
          source_field: from,
          target_field: to,
          override_target: true,
          ignore_missing: true,
          ignore_failure: true,
        },
      });
}

function remove(field: string): JsonObject {
  return { remove: { field, ignore_missing: true, ignore_failure: true } };
}

function replace(pattern: string, replacement: string): JsonObject {
  return { gsub: { field: SCRATCH, pattern, replacement, ignore_missing: true, ignore_failure: true } };
}

function processors(row: EventField, copy: Copy): readonly JsonObject[] {
  const { field, value, rule } = row;
  if (value !== undefined) return [{ set: { field, value, override: false, ignore_failure: true } }];
  // As Fleet's own final pipeline takes it.
  if (rule === 'arrival') return [copy('_ingest.timestamp', field)];
  if (row.from === undefined) return [];
  const from = `${READ}.${row.from}`;
  const more = row.fallback === undefined ? [] : [copy(`${READ}.${row.fallback}`, field)];
  switch (rule) {
    case 'time':
      // The time of the event, in place of the time of its arrival.
      return [{ date: { field: from, target_field: field, formats: ['ISO8601'], ignore_failure: true } }];
    case 'outcome':
      return [{ set: { field, value: 'failure', if: hasFailed(READ), ignore_failure: true } }];
    case 'address':
      return [
        { grok: { field: from, patterns: [`^%{IP:${field}}$`], ignore_missing: true, ignore_failure: true } },
      ];
    case 'truth':
      return [
        copy(from, SCRATCH),
        { lowercase: { field: SCRATCH, ignore_missing: true, ignore_failure: true } },
        replace('^yes$', 'true'),
        replace('^no$', 'false'),
        {
          convert: {
            field: SCRATCH,
            target_field: field,
            type: 'boolean',
            ignore_missing: true,
            ignore_failure: true,
          },
        },
        remove(SCRATCH),
      ];
    case 'object':
    case 'without_token':
      return [onlyIf(`ctx.${READ}?.${row.from} instanceof Map`, copy(from, field))];
    default:
      return [...more, copy(from, field)];
  }
}

function onlyIf(condition: string, processor: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(processor).map(([name, options]) => [name, { ...(options as JsonObject), if: condition }]),
  );
}
