import { arrayAt, isObject, type JsonObject, objectAt, own, textAt } from '../../src/event/json.ts';
import type { FieldType } from './event-fields.ts';
import type { Fields } from './field-types.ts';
import { fieldsOfKql, parseKql } from './kql.ts';
import { controlsOf, nameOf, panelsOf, referencesOf } from './object-rules.ts';

/** Rules 6 to 12: the grid, the layers of Lens, controls, classic aggregations, and fields that suit what is asked. */
export function contentErrors(object: JsonObject, fields: Fields): readonly string[] {
  const attributes = objectAt(object, 'attributes') ?? {};
  const errors = [
    ...gridErrors(attributes),
    ...panelsOf(attributes).flatMap((panel) => panelErrors(panel, object, fields)),
    ...controlErrors(attributes, fields),
    ...classicErrors(attributes, fields),
    ...searchErrors(attributes, fields),
  ];
  return errors.map((error) => `${nameOf(object)}: ${error}`);
}

interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function gridErrors(attributes: JsonObject): readonly string[] {
  const errors: string[] = [];
  const boxes: Box[] = [];
  for (const panel of panelsOf(attributes)) {
    const id = textAt(panel, 'panelIndex') ?? '';
    const grid = objectAt(panel, 'gridData') ?? {};
    const [x, y, w, h] = ['x', 'y', 'w', 'h'].map((name) => Number(grid[name])) as [
      number,
      number,
      number,
      number,
    ];
    if (textAt(grid, 'i') !== id) errors.push(`panel ${id} stands in the grid under another name`);
    if (![x, y, w, h].every(Number.isInteger) || x < 0 || y < 0 || w < 1 || h < 1 || x + w > 48)
      errors.push(`panel ${id} is outside of the grid`);
    if (boxes.some((box) => box.id === id)) errors.push(`two panels are called ${id}`);
    const box = { id, x, y, w, h };
    const other = boxes.find((one) => overlaps(one, box));
    if (other !== undefined) errors.push(`panels ${other.id} and ${id} overlap`);
    boxes.push(box);
  }
  return errors;
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function panelErrors(panel: JsonObject, dashboard: JsonObject, fields: Fields): readonly string[] {
  const id = textAt(panel, 'panelIndex') ?? '';
  const type = textAt(panel, 'type');
  const refName = textAt(panel, 'panelRefName');
  const target = referencesOf(dashboard).find(({ name }) => name === `${id}:${refName}`);
  if (target !== undefined && type !== undefined && target.type !== type)
    return [`panel ${id} is of another type than what it refers to`];
  const lens = objectAt(objectAt(panel, 'embeddableConfig'), 'attributes');
  return lens === undefined ? [] : lensErrors(lens, fields).map((error) => `panel ${id}: ${error}`);
}

function lensErrors(lens: JsonObject, fields: Fields): readonly string[] {
  const state = objectAt(lens, 'state');
  const layers = objectAt(objectAt(objectAt(state, 'datasourceStates'), 'formBased'), 'layers') ?? {};
  const visualization = objectAt(state, 'visualization') ?? {};
  const references = referencesOf(lens).map(({ name }) => name);
  const errors = [...queryErrors(textAt(objectAt(state, 'query'), 'query') ?? '', fields)];
  for (const [name, layer] of Object.entries(layers)) {
    if (!references.includes(`indexpattern-datasource-layer-${name}`))
      errors.push(`layer ${name} has no data view`);
    if (isObject(layer)) errors.push(...layerErrors(layer, fields));
  }
  const columns = Object.values(layers).flatMap(
    (layer) => arrayAt(isObject(layer) ? layer : {}, 'columnOrder') ?? [],
  );
  const wanted = accessors(visualization);
  errors.push(
    ...wanted.columns.filter((one) => !columns.includes(one)).map((one) => `column ${one} is not in a layer`),
  );
  errors.push(...wanted.layers.filter((one) => !(one in layers)).map((one) => `layer ${one} does not exist`));
  return errors;
}

/** The columns and layers that a visualization names, wherever it does. */
function accessors(value: unknown): { columns: string[]; layers: string[] } {
  const found = { columns: [] as string[], layers: [] as string[] };
  const LISTS = ['accessors', 'primaryGroups', 'metrics'];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    if (!isObject(node)) return;
    for (const [key, inner] of Object.entries(node)) {
      if (key === 'layerId' && typeof inner === 'string') found.layers.push(inner);
      else if ((key.endsWith('Accessor') || key === 'columnId') && typeof inner === 'string')
        found.columns.push(inner);
      else if (LISTS.includes(key) && Array.isArray(inner)) found.columns.push(...inner.map(String));
      else walk(inner);
    }
  };
  walk(value);
  return found;
}

function layerErrors(layer: JsonObject, fields: Fields): readonly string[] {
  const columns = objectAt(layer, 'columns') ?? {};
  const order = (arrayAt(layer, 'columnOrder') ?? []).map(String);
  const errors: string[] = [];
  if (order.toSorted().join() !== Object.keys(columns).sort().join())
    errors.push('columnOrder does not list the columns');
  const bucketed = order.map((name) => columnOf(columns, name)['isBucketed'] === true);
  if (bucketed.lastIndexOf(true) > bucketed.indexOf(false) && bucketed.includes(false))
    errors.push('a bucket comes after a metric');
  for (const name of order) errors.push(...columnErrors(columnOf(columns, name), columns, fields));
  return errors;
}

function columnOf(columns: JsonObject, name: string): JsonObject {
  const column = own(columns, name);
  return isObject(column) ? column : {};
}

function columnErrors(column: JsonObject, columns: JsonObject, fields: Fields): readonly string[] {
  const operation = textAt(column, 'operationType') ?? '';
  const field = textAt(column, 'sourceField') ?? '';
  if (operation === 'count') return field === '___records___' ? [] : ['count takes ___records___'];
  const order = objectAt(objectAt(column, 'params'), 'orderBy');
  const by = textAt(order, 'columnId');
  const errors = suitErrors(operation, field, fields);
  const isByMetric = by !== undefined && columnOf(columns, by)['isBucketed'] === false;
  return textAt(order, 'type') === 'column' && !isByMetric
    ? [...errors, `terms of ${field} are ordered by no metric`]
    : errors;
}

const COUNTABLE: readonly FieldType[] = ['keyword', 'ip', 'boolean', 'long', 'short'];
const NUMBERS: readonly FieldType[] = ['long', 'short'];
const SUITS: Readonly<Record<string, readonly FieldType[]>> = {
  terms: COUNTABLE,
  unique_count: [...COUNTABLE, 'date'],
  cardinality: [...COUNTABLE, 'date'],
  date_histogram: ['date'],
  max: [...NUMBERS, 'date'],
  min: [...NUMBERS, 'date'],
  sum: NUMBERS,
  average: NUMBERS,
  avg: NUMBERS,
  median: NUMBERS,
  optionsListControl: COUNTABLE,
  rangeSliderControl: NUMBERS,
  list: COUNTABLE,
  range: NUMBERS,
};

function suitErrors(operation: string, field: string, fields: Fields): readonly string[] {
  const type = fields.get(field);
  if (type === undefined) return [`the field ${field} is not in the template`];
  const suited = SUITS[operation];
  if (suited === undefined) return [`the operation ${operation} is not known`];
  return suited.includes(type) ? [] : [`${operation} does not suit ${field}, which is ${type}`];
}

function controlErrors(attributes: JsonObject, fields: Fields): readonly string[] {
  return controlsOf(attributes).flatMap(({ id, type, control }) => {
    const input = objectAt(control, 'explicitInput') ?? {};
    const errors = suitErrors(type, textAt(input, 'fieldName') ?? '', fields).map(
      (error) => `control ${id}: ${error}`,
    );
    if (textAt(input, 'id') !== id) errors.push(`control ${id} has another name inside`);
    if ('dataViewId' in input) errors.push(`control ${id} names its data view itself`);
    return errors;
  });
}

/** A classic visualization: rule 10, and the fields of its aggregations and controls. */
function classicErrors(attributes: JsonObject, fields: Fields): readonly string[] {
  const state: unknown = JSON.parse(textAt(attributes, 'visState') ?? '{}');
  if (!isObject(state)) return ['visState is no object'];
  const aggs = (arrayAt(state, 'aggs') ?? []).filter(isObject);
  const ids = aggs.map((agg) => textAt(agg, 'id') ?? '');
  const errors = new Set(ids).size === ids.length ? [] : ['two aggregations have one id'];
  for (const agg of aggs) {
    const params = objectAt(agg, 'params') ?? {};
    const type = textAt(agg, 'type') ?? '';
    if (type !== 'count') errors.push(...suitErrors(type, textAt(params, 'field') ?? '', fields));
    const by = textAt(params, 'orderBy');
    if (by !== undefined && by !== '_key' && by !== 'custom' && !ids.includes(by))
      errors.push(`an aggregation is ordered by ${by}, which is none`);
  }
  for (const control of (arrayAt(objectAt(state, 'params'), 'controls') ?? []).filter(isObject)) {
    errors.push(...suitErrors(textAt(control, 'type') ?? '', textAt(control, 'fieldName') ?? '', fields));
  }
  return errors;
}

function searchErrors(attributes: JsonObject, fields: Fields): readonly string[] {
  const columns = (arrayAt(attributes, 'columns') ?? []).map(String);
  const source: unknown = JSON.parse(
    textAt(objectAt(attributes, 'kibanaSavedObjectMeta'), 'searchSourceJSON') ?? '{}',
  );
  const query = isObject(source) ? (textAt(objectAt(source, 'query'), 'query') ?? '') : '';
  return [
    ...columns
      .filter((field) => !fields.has(field))
      .map((field) => `the field ${field} is not in the template`),
    ...queryErrors(query, fields),
  ];
}

function queryErrors(query: string, fields: Fields): readonly string[] {
  try {
    return fieldsOfKql(parseKql(query))
      .filter((field) => !fields.has(field))
      .map((field) => `the query asks for ${field}, which is not in the template`);
  } catch (error) {
    return [`the query ${query} cannot be read: ${error instanceof Error ? error.message : error}`];
  }
}
