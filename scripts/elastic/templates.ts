import type { JsonObject } from '../../src/event/json.ts';
import { MAX_DEPTH } from '../../src/event/json-limits.ts';
import type { FieldType } from './event-fields.ts';
import { answerFields, eventFields, type Fields } from './field-types.ts';
import { type Engine, PIPELINE_NAME } from './ingest-pipeline.ts';

/** `PUT _component_template/detrails@mappings`: every field of an answer, and no field that is not one of them. */
export function answerTemplate(engine: Engine): JsonObject {
  const mappings = mappingsOf(answerFields(), engine);
  const properties = mappings['properties'] as Record<string, JsonObject>;
  return template('Fields of Det{R}ails, and the ECS fields threat.* and related.* that it fills.', {
    ...mappings,
    properties: { ...properties, detrails: { dynamic: false, ...properties['detrails'] } },
  });
}

/** `PUT _component_template/cloudtrail@mappings`: the event's own fields, for indices that no integration maps. */
export function eventTemplate(engine: Engine): JsonObject {
  return template('Fields of CloudTrail events, named as in ECS and in the AWS integration of Elastic.', {
    ...mappingsOf(eventFields(), engine),
    date_detection: false,
    dynamic: false,
  });
}

/** Plain indices; above the 200 of the template that Logstash brings for `logstash-*`. */
export const INDEX_TEMPLATE: JsonObject = {
  _meta: { description: 'CloudTrail events that were enriched by Det{R}ails, in plain indices.' },
  composed_of: ['cloudtrail@mappings', 'detrails@mappings'],
  index_patterns: ['logstash-cloudtrail-*'],
  priority: 250,
  template: { settings: { index: { final_pipeline: PIPELINE_NAME, number_of_shards: 1 } } },
};

/**
 * A data stream without Fleet: above the 100 of `logs-*-*`, and below the 200 of Fleet's own template. It must not bear
 * that one's name, `logs-aws.cloudtrail`, or it would replace it. OpenSearch has none of Elastic's parts for logs.
 */
export function dataStreamTemplate(engine: Engine): JsonObject {
  const logs = engine === 'elasticsearch' ? ['logs@mappings', 'logs@settings'] : [];
  return {
    _meta: { description: 'CloudTrail events that were enriched by Det{R}ails, in a data stream.' },
    composed_of: [...logs, 'cloudtrail@mappings', 'detrails@mappings'],
    data_stream: {},
    index_patterns: ['logs-aws.cloudtrail-*'],
    priority: 150,
    template: { settings: { index: { final_pipeline: PIPELINE_NAME } } },
  };
}

function template(description: string, mappings: JsonObject): JsonObject {
  return { _meta: { description, managed_by: 'detrails' }, template: { mappings } };
}

function mappingsOf(fields: Fields, engine: Engine): JsonObject {
  const root: Record<string, unknown> = {};
  for (const [path, type] of fields) {
    const names = path.split('.');
    const leaf = names.pop() as string;
    const parent = names.reduce((node, name) => {
      node[name] ??= { properties: {} };
      return (node[name] as { properties: Record<string, unknown> }).properties;
    }, root);
    // A data stream takes no @timestamp that may be malformed.
    parent[leaf] = path === '@timestamp' ? { type } : propertyOf(type, engine);
  }
  return { properties: root };
}

function propertyOf(type: FieldType, engine: Engine): JsonObject {
  switch (type) {
    // Longer values are kept in the source and cannot be searched for: Lucene refuses terms above 32 kB.
    case 'keyword':
      return { ignore_above: 1024, type };
    case 'flattened':
      // Deeper than by default (20): a filter of a query nests further. The service takes no deeper record.
      return engine === 'opensearch'
        ? { type: 'flat_object' }
        : { depth_limit: MAX_DEPTH, ignore_above: 1024, type };
    // An impossible value must not cost the document.
    case 'ip':
    case 'date':
      return { ignore_malformed: true, type };
    default:
      return { type };
  }
}
