import type { JsonObject } from '../../src/event/json.ts';
import { EVENT_FIELDS, type EventField } from './event-fields.ts';

export type Engine = 'elasticsearch' | 'opensearch';

export const PIPELINE_NAME = 'detrails-cloudtrail';

/** Where a record's text is read into, and kept until its fields have been copied. */
const READ = 'detrails_record';
const SCRATCH = 'detrails_scratch';

/**
 * `PUT _ingest/pipeline/detrails-cloudtrail`: gives the fields of the record their ECS names. The record may stand at
 * the root (codec cloudtrail, json) or as text in `message`. What stands under those names before is of the way that the
 * event took, such as the client of Logstash's http input or the cloud of Filebeat's machine, so the record wins; an
 * event that an integration has read holds no record any more, and keeps its fields. No processor fails a document.
 */
export function ingestPipeline(engine: Engine): JsonObject {
  const copy = copierOf(engine);
  return {
    // ECS's word for it; the document is indexed all the same.
    on_failure: [{ set: { field: 'event.kind', value: 'pipeline_error' } }],
    description: 'CloudTrail fields by their names in ECS, for indices that no integration fills.',
    processors: [
      { json: { field: 'message', target_field: READ, ignore_failure: true } },
      { remove: { field: READ, if: `!(ctx.${READ} instanceof Map)`, ignore_missing: true } },
      ...['', `${READ}.`].flatMap((root) => EVENT_FIELDS.flatMap((field) => processors(field, root, copy))),
      { set: { field: 'event.outcome', value: 'success', override: false, ignore_failure: true } },
      remove('aws.cloudtrail.flattened.response_elements.credentials.sessionToken'),
      remove(READ),
    ],
  };
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

function processors(row: EventField, root: string, copy: Copy): readonly JsonObject[] {
  const { field, value, rule } = row;
  if (value !== undefined) {
    return root === '' ? [{ set: { field, value, override: false, ignore_failure: true } }] : [];
  }
  const from = root + (row.from ?? '');
  const more = row.fallback === undefined ? [] : [copy(root + row.fallback, field)];
  switch (rule) {
    case 'time':
      // The time of the event, in place of the time of its arrival.
      return [{ date: { field: from, target_field: field, formats: ['ISO8601'], ignore_failure: true } }];
    case 'outcome':
      return [copy(from, SCRATCH), replace('^.+$', 'failure'), copy(SCRATCH, field), remove(SCRATCH)];
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
      return [onlyIf(`ctx.${root === '' ? '' : `${READ}?.`}${row.from} instanceof Map`, copy(from, field))];
    default:
      return [...more, copy(from, field)];
  }
}

function onlyIf(condition: string, processor: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(processor).map(([name, options]) => [name, { ...(options as JsonObject), if: condition }]),
  );
}
