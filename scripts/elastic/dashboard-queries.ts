import { arrayAt, isObject, type JsonObject, objectAt, own, textAt } from '../../src/event/json.ts';
import { parseKql, queryOfKql } from './kql.ts';
import { panelsOf, readObjects } from './object-rules.ts';

export interface PanelQuery {
  readonly panel: string;
  /** The body of a search, as the panel asks it of the engine. */
  readonly body: JsonObject;
}

/** The searches behind the panels of a file of saved objects: those of Lens, and those of classic visualizations. */
export function panelQueries(text: string): readonly PanelQuery[] {
  const { objects } = readObjects(text);
  return objects.flatMap((object) => {
    const attributes = objectAt(object, 'attributes') ?? {};
    const classic = textAt(attributes, 'visState') === undefined ? [] : classicQuery(object, attributes);
    return [...classic, ...panelsOf(attributes).flatMap(lensQuery)];
  });
}

interface Aggregation {
  readonly name: string;
  readonly body: JsonObject;
}

function search(
  panel: string,
  kql: string,
  buckets: readonly Aggregation[],
  metrics: readonly Aggregation[],
): PanelQuery {
  const inner = metrics.filter(({ body }) => Object.keys(body).length > 0);
  const leaves =
    inner.length === 0 ? undefined : Object.fromEntries(inner.map(({ name, body }) => [name, body]));
  const aggs = buckets.reduceRight<JsonObject | undefined>(
    (below, { name, body }) => ({ [name]: { ...body, ...(below && { aggs: below }) } }),
    leaves,
  );
  return {
    panel,
    body: { size: 0, track_total_hits: true, query: queryOfKql(parseKql(kql)), ...(aggs && { aggs }) },
  };
}

function lensQuery(panel: JsonObject): readonly PanelQuery[] {
  const lens = objectAt(objectAt(panel, 'embeddableConfig'), 'attributes');
  if (lens === undefined) return [];
  const state = objectAt(lens, 'state');
  const layers = objectAt(objectAt(objectAt(state, 'datasourceStates'), 'formBased'), 'layers') ?? {};
  const kql = textAt(objectAt(state, 'query'), 'query') ?? '';
  return Object.values(layers)
    .filter(isObject)
    .map((layer) => {
      const columns = objectAt(layer, 'columns') ?? {};
      const all = (arrayAt(layer, 'columnOrder') ?? []).map((name) => {
        const column = own(columns, String(name));
        return { name: String(name), column: isObject(column) ? column : {} };
      });
      const isBucket = ({ column }: { column: JsonObject }) => column['isBucketed'] === true;
      const toAggregation = ({ name, column }: { name: string; column: JsonObject }) => ({
        name,
        body: aggregation(
          textAt(column, 'operationType') ?? '',
          textAt(column, 'sourceField') ?? '',
          objectAt(column, 'params'),
        ),
      });
      const buckets = all.filter(isBucket).map(toAggregation);
      const metrics = all.filter((one) => !isBucket(one)).map(toAggregation);
      return search(textAt(panel, 'title') ?? '', kql, buckets, metrics);
    });
}

function classicQuery(object: JsonObject, attributes: JsonObject): readonly PanelQuery[] {
  const state = JSON.parse(textAt(attributes, 'visState') ?? '{}') as JsonObject;
  const aggs = (arrayAt(state, 'aggs') ?? []).filter(isObject);
  if (aggs.length === 0) return [];
  const source = JSON.parse(
    textAt(objectAt(attributes, 'kibanaSavedObjectMeta'), 'searchSourceJSON') ?? '{}',
  ) as JsonObject;
  const toAggregation = (agg: JsonObject) => {
    const params = objectAt(agg, 'params');
    return {
      name: `a${textAt(agg, 'id')}`,
      body: aggregation(textAt(agg, 'type') ?? '', textAt(params, 'field') ?? '', params),
    };
  };
  const isMetric = (agg: JsonObject) => textAt(agg, 'schema') === 'metric';
  const buckets = aggs.filter((agg) => !isMetric(agg)).map(toAggregation);
  const metrics = aggs.filter(isMetric).map(toAggregation);
  return [
    search(textAt(object, 'id') ?? '', textAt(objectAt(source, 'query'), 'query') ?? '', buckets, metrics),
  ];
}

/** Nothing for a count: the engine counts documents by itself. */
function aggregation(operation: string, field: string, params: JsonObject | undefined): JsonObject {
  switch (operation) {
    case 'count':
      return {};
    case 'terms':
      return { terms: { field, size: params?.['size'] ?? 10, order: { _count: 'desc' } } };
    case 'date_histogram':
      return { date_histogram: { field, fixed_interval: '1h', min_doc_count: 1 } };
    case 'max':
    case 'min':
      return { [operation]: { field } };
    default:
      throw new Error(`the operation ${operation} is not known`);
  }
}
