import type { JsonObject } from '../../src/event/json.ts';
import { CONTROLS, DASHBOARD, DATA_VIEW, EVENTS, type Panel, placedPanels } from './dashboard-model.ts';
import { kql, type Reference, type SavedObject, stableJson } from './saved-objects.ts';

/** OpenSearch Dashboards 2.x reads what Kibana 7.10 wrote: classic visualizations, each an object of its own. */
const VERSIONS = {
  'index-pattern': '7.6.0',
  visualization: '7.10.0',
  dashboard: '7.9.3',
  search: '7.9.3',
} as const;

const SEARCH_INDEX = 'kibanaSavedObjectMeta.searchSourceJSON.index';
const VIEW: Reference = { type: 'index-pattern', id: DATA_VIEW.id, name: SEARCH_INDEX };
const CONTROLS_ID = 'detrails-controls';
const CONTROLS_HEIGHT = 8;

export function openSearchObjects(): readonly SavedObject[] {
  const { panels } = placedPanels();
  return [dataView(), search(), controls(), ...panels.map(({ panel }) => visualization(panel)), dashboard()];
}

function savedObject(
  type: keyof typeof VERSIONS,
  id: string,
  attributes: JsonObject,
  references: readonly Reference[],
): SavedObject {
  return { type, id, attributes, references, migrationVersion: { [type]: VERSIONS[type] } };
}

function dataView(): SavedObject {
  const attributes = { title: DATA_VIEW.pattern, timeFieldName: DATA_VIEW.timeField };
  return savedObject('index-pattern', DATA_VIEW.id, attributes, []);
}

function source(query?: string): JsonObject {
  return {
    searchSourceJSON: stableJson({ query: kql(query), filter: [], indexRefName: SEARCH_INDEX }),
  };
}

function search(): SavedObject {
  const attributes = {
    title: EVENTS.title,
    description: '',
    hits: 0,
    version: 1,
    columns: EVENTS.columns,
    sort: [['@timestamp', 'desc']],
    kibanaSavedObjectMeta: source(),
  };
  return savedObject('search', EVENTS.id, attributes, [VIEW]);
}

const idOf = (panel: Panel): string => `detrails-${panel.id}`;

function visualization(panel: Panel): SavedObject {
  const { type, aggs, params } = classicOf(panel);
  const attributes = {
    title: panel.title,
    description: '',
    uiStateJSON: '{}',
    version: 1,
    visState: stableJson({ title: panel.title, type, aggs, params: { type, ...params } }),
    kibanaSavedObjectMeta: source(panel.query),
  };
  return savedObject('visualization', idOf(panel), attributes, [VIEW]);
}

interface Classic {
  readonly type: string;
  readonly aggs: readonly JsonObject[];
  readonly params: JsonObject;
}

function classicOf(panel: Panel): Classic {
  switch (panel.kind) {
    case 'number':
      return { type: 'metric', aggs: [COUNT], params: METRIC };
    case 'over_time':
      return {
        type: 'histogram',
        aggs: [COUNT, OVER_TIME, terms('3', panel.split, 10, 'group')],
        params: BARS,
      };
    case 'heatmap':
      return {
        type: 'heatmap',
        aggs: [COUNT, terms('2', panel.x, 15, 'segment'), terms('3', panel.y, 15, 'group')],
        params: HEATMAP,
      };
    case 'donut':
      return { type: 'pie', aggs: [COUNT, terms('2', panel.by, 8, 'segment')], params: DONUT };
    case 'table': {
      const rows = panel.by.map(({ field, label }, index) =>
        terms(String(index + 2), field, index === 0 ? 25 : 5, 'bucket', label),
      );
      const highest = panel.highest && {
        id: '9',
        enabled: true,
        type: 'max',
        schema: 'metric',
        params: { field: panel.highest.field, customLabel: panel.highest.label },
      };
      return { type: 'table', aggs: [COUNT, ...rows, ...(highest ? [highest] : [])], params: TABLE };
    }
  }
}

const COUNT = {
  id: '1',
  enabled: true,
  type: 'count',
  schema: 'metric',
  params: { customLabel: 'Events' },
} as const;

const OVER_TIME = {
  id: '2',
  enabled: true,
  type: 'date_histogram',
  schema: 'segment',
  params: {
    field: '@timestamp',
    useNormalizedOpenSearchInterval: true,
    scaleMetricValues: false,
    interval: 'auto',
    drop_partials: false,
    min_doc_count: 1,
    extended_bounds: {},
  },
} as const;

function terms(id: string, field: string, size: number, schema: string, label?: string): JsonObject {
  const params = {
    field,
    orderBy: '1',
    order: 'desc',
    size,
    otherBucket: false,
    otherBucketLabel: 'Other',
    missingBucket: false,
    missingBucketLabel: 'Missing',
    ...(label && { customLabel: label }),
  };
  return { id, enabled: true, type: 'terms', schema, params };
}

const LEGEND = { addTooltip: true, addLegend: true, legendPosition: 'right' } as const;

const METRIC = {
  addTooltip: true,
  addLegend: false,
  metric: {
    percentageMode: false,
    useRanges: false,
    colorSchema: 'Green to Red',
    metricColorMode: 'None',
    colorsRange: [{ from: 0, to: 10_000 }],
    labels: { show: true },
    invertColors: false,
    style: { bgFill: '#000', bgColor: false, labelColor: false, subText: '', fontSize: 40 },
  },
} as const;

const BARS = {
  ...LEGEND,
  grid: { categoryLines: false },
  times: [],
  addTimeMarker: false,
  labels: { show: false },
  categoryAxes: [
    {
      id: 'CategoryAxis-1',
      type: 'category',
      position: 'bottom',
      show: true,
      style: {},
      scale: { type: 'linear' },
      labels: { show: true, filter: true, truncate: 100 },
      title: {},
    },
  ],
  valueAxes: [
    {
      id: 'ValueAxis-1',
      name: 'LeftAxis-1',
      type: 'value',
      position: 'left',
      show: true,
      style: {},
      scale: { type: 'linear', mode: 'normal' },
      labels: { show: true, rotate: 0, filter: false, truncate: 100 },
      title: { text: 'Events' },
    },
  ],
  seriesParams: [
    {
      show: true,
      type: 'histogram',
      mode: 'stacked',
      data: { label: 'Events', id: '1' },
      valueAxis: 'ValueAxis-1',
      drawLinesBetweenPoints: true,
      lineWidth: 2,
      showCircles: true,
    },
  ],
} as const;

const HEATMAP = {
  ...LEGEND,
  enableHover: false,
  times: [],
  colorsNumber: 4,
  colorSchema: 'Greens',
  setColorRange: false,
  colorsRange: [],
  invertColors: false,
  percentageMode: false,
  valueAxes: [
    {
      show: false,
      id: 'ValueAxis-1',
      type: 'value',
      scale: { type: 'linear', defaultYExtents: false },
      labels: { show: false, rotate: 0, overwriteColor: false, color: 'black' },
    },
  ],
} as const;

const DONUT = {
  ...LEGEND,
  isDonut: true,
  labels: { show: false, values: true, last_level: true, truncate: 100 },
} as const;

const TABLE = {
  perPage: 10,
  showPartialRows: false,
  showMetricsAtAllLevels: false,
  sort: { columnIndex: null, direction: null },
  showTotal: false,
  totalFunc: 'sum',
  percentageCol: '',
} as const;

function controls(): SavedObject {
  const lists = CONTROLS.map(({ id, field, title, kind }, index) => ({
    id,
    fieldName: field,
    parent: '',
    label: title,
    type: kind,
    options:
      kind === 'range'
        ? { decimalPlaces: 0, step: 1 }
        : { type: 'terms', multiselect: true, dynamicOptions: true, size: 5, order: 'desc' },
    indexPatternRefName: `control_${index}_index_pattern`,
  }));
  const params = { controls: lists, updateFiltersOnChange: true, useTimeFilter: true, pinFilters: false };
  const attributes = {
    title: 'Filters',
    description: '',
    uiStateJSON: '{}',
    version: 1,
    visState: stableJson({ title: 'Filters', type: 'input_control_vis', aggs: [], params }),
    kibanaSavedObjectMeta: { searchSourceJSON: stableJson({ query: kql(), filter: [] }) },
  };
  const references = lists.map(({ indexPatternRefName }) => ({ ...VIEW, name: indexPatternRefName }));
  return savedObject('visualization', CONTROLS_ID, attributes, references);
}

function dashboard(): SavedObject {
  const { panels, bottom } = placedPanels();
  const placed = [
    { type: 'visualization', id: CONTROLS_ID, x: 0, y: 0, w: 48, h: CONTROLS_HEIGHT },
    ...panels.map(({ panel, place }) => ({
      type: 'visualization',
      id: idOf(panel),
      ...place,
      y: place.y + CONTROLS_HEIGHT,
    })),
    { type: 'search', id: EVENTS.id, x: 0, y: bottom + CONTROLS_HEIGHT, w: 48, h: EVENTS.height },
  ];
  const attributes = {
    title: DASHBOARD.title,
    description: DASHBOARD.description,
    hits: 0,
    version: 1,
    kibanaSavedObjectMeta: { searchSourceJSON: stableJson({ query: kql(), filter: [] }) },
    optionsJSON: stableJson({ useMargins: true, hidePanelTitles: false }),
    panelsJSON: stableJson(
      placed.map(({ x, y, w, h }, index) => ({
        version: '2.11.0',
        gridData: { x, y, w, h, i: String(index) },
        panelIndex: String(index),
        embeddableConfig: {},
        panelRefName: `panel_${index}`,
      })),
    ),
    timeRestore: true,
    timeFrom: 'now-7d',
    timeTo: 'now',
    refreshInterval: { pause: true, value: 60_000 },
  };
  const references = placed.map(({ type, id }, index) => ({ type, id, name: `panel_${index}` }));
  return savedObject('dashboard', DASHBOARD.id, attributes, references);
}
