import type { JsonObject } from '../../src/event/json.ts';
import {
  CONTROLS,
  DASHBOARD,
  DATA_VIEW,
  EVENTS,
  type Panel,
  type Placed,
  placedPanels,
} from './dashboard-model.ts';
import type { Fields } from './field-types.ts';
import { LAYER_REFERENCE, lensAttributes } from './lens-panels.ts';
import { kql, type Reference, type SavedObject, stableJson } from './saved-objects.ts';

/** The oldest versions that Kibana 8.12 itself writes; every later one migrates them forward. */
const VERSIONS = { 'index-pattern': '8.0.0', dashboard: '8.9.0', search: '8.0.0' } as const;

const EVENTS_PANEL = 'events-list';
const SEARCH_INDEX = 'kibanaSavedObjectMeta.searchSourceJSON.index';

export function kibanaObjects(fields: Fields): readonly SavedObject[] {
  return [dataView(), search(), dashboard(fields)];
}

function savedObject(
  type: keyof typeof VERSIONS,
  id: string,
  attributes: JsonObject,
  references: readonly Reference[],
): SavedObject {
  return {
    type,
    id,
    attributes,
    references,
    typeMigrationVersion: VERSIONS[type],
    coreMigrationVersion: '8.8.0',
    managed: false,
  };
}

function dataView(): SavedObject {
  const { id, name, pattern, timeField } = DATA_VIEW;
  return savedObject(
    'index-pattern',
    id,
    { title: pattern, name, timeFieldName: timeField, allowNoIndex: true },
    [],
  );
}

function search(): SavedObject {
  const source = stableJson({ query: kql(), filter: [], indexRefName: SEARCH_INDEX });
  const attributes = {
    title: EVENTS.title,
    description: '',
    columns: EVENTS.columns,
    sort: [['@timestamp', 'desc']],
    grid: {},
    hideChart: false,
    kibanaSavedObjectMeta: { searchSourceJSON: source },
  };
  return savedObject('search', EVENTS.id, attributes, [
    { type: 'index-pattern', id: DATA_VIEW.id, name: SEARCH_INDEX },
  ]);
}

function dashboard(fields: Fields): SavedObject {
  const placed = placedPanels();
  const lens = placed.panels.map((one) => lensPanel(one, fields));
  const attributes = {
    title: DASHBOARD.title,
    description: DASHBOARD.description,
    version: 1,
    kibanaSavedObjectMeta: { searchSourceJSON: stableJson({ query: kql(), filter: [] }) },
    optionsJSON: stableJson({
      useMargins: true,
      syncColors: false,
      syncCursor: true,
      syncTooltips: false,
      hidePanelTitles: false,
    }),
    panelsJSON: stableJson([...lens, eventsPanel(placed.bottom)]),
    controlGroupInput: controls(),
    timeRestore: true,
    timeFrom: 'now-7d',
    timeTo: 'now',
    refreshInterval: { pause: true, value: 60_000 },
  };
  return savedObject(
    'dashboard',
    DASHBOARD.id,
    attributes,
    references(placed.panels.map(({ panel }) => panel)),
  );
}

function lensPanel({ panel, place }: Placed, fields: Fields): JsonObject {
  return {
    version: '8.12.0',
    type: 'lens',
    gridData: { ...place, i: panel.id },
    panelIndex: panel.id,
    title: panel.title,
    embeddableConfig: {
      hidePanelTitles: false,
      enhancements: {},
      attributes: lensAttributes(panel, fields),
    },
  };
}

/** `bottom` is the row below all other panels. */
function eventsPanel(bottom: number): JsonObject {
  return {
    version: '8.12.0',
    type: 'search',
    gridData: { x: 0, y: bottom, w: 48, h: EVENTS.height, i: EVENTS_PANEL },
    panelIndex: EVENTS_PANEL,
    panelRefName: `panel_${EVENTS_PANEL}`,
    embeddableConfig: { enhancements: {} },
  };
}

function references(panels: readonly Panel[]): readonly Reference[] {
  const view = { type: 'index-pattern', id: DATA_VIEW.id };
  return [
    ...panels.map(({ id }) => ({ ...view, name: `${id}:${LAYER_REFERENCE}` })),
    { type: 'search', id: EVENTS.id, name: `${EVENTS_PANEL}:panel_${EVENTS_PANEL}` },
    ...CONTROLS.map(({ id, kind }) => ({
      ...view,
      name: `controlGroup_${id}:${CONTROL_TYPES[kind].reference}`,
    })),
  ];
}

const CONTROL_TYPES = {
  list: { type: 'optionsListControl', reference: 'optionsListDataView' },
  range: { type: 'rangeSliderControl', reference: 'rangeSliderDataView' },
} as const;

function controls(): JsonObject {
  const panels = CONTROLS.map(({ id, field, title, kind }, order) => [
    id,
    {
      type: CONTROL_TYPES[kind].type,
      order,
      grow: true,
      width: 'medium',
      explicitInput: { id, fieldName: field, title, enhancements: {} },
    },
  ]);
  return {
    controlStyle: 'oneLine',
    chainingSystem: 'HIERARCHICAL',
    ignoreParentSettingsJSON: stableJson({
      ignoreFilters: false,
      ignoreQuery: false,
      ignoreTimerange: false,
      ignoreValidations: false,
    }),
    panelsJSON: stableJson(Object.fromEntries(panels)),
  };
}
