import type { JsonObject } from '../../src/event/json.ts';
import { DATA_VIEW, type Panel } from './dashboard-model.ts';
import type { FieldType } from './event-fields.ts';
import type { Fields } from './field-types.ts';
import { kql } from './saved-objects.ts';

/** The name by which a layer finds its data view; the dashboard repeats it with the panel's id in front. */
export const LAYER_REFERENCE = 'indexpattern-datasource-layer-layer1';

interface Lens {
  readonly type: string;
  readonly columns: JsonObject;
  /** Buckets first, metrics last. */
  readonly order: readonly string[];
  readonly visualization: JsonObject;
}

const LAYER = { layerId: 'layer1', layerType: 'data' } as const;

/** The state of a Lens panel as Kibana 8.9 to 8.12 writes it. */
export function lensAttributes(panel: Panel, fields: Fields): JsonObject {
  const lens = lensOf(panel, fields);
  return {
    title: panel.title,
    description: '',
    type: 'lens',
    visualizationType: lens.type,
    references: [{ type: 'index-pattern', id: DATA_VIEW.id, name: LAYER_REFERENCE }],
    state: {
      datasourceStates: {
        formBased: {
          layers: {
            layer1: { columns: lens.columns, columnOrder: lens.order, incompleteColumns: {} },
          },
        },
      },
      visualization: lens.visualization,
      query: kql(panel.query),
      filters: [],
      internalReferences: [],
      adHocDataViews: {},
    },
  };
}

function lensOf(panel: Panel, fields: Fields): Lens {
  switch (panel.kind) {
    case 'number':
      return {
        type: 'lnsMetric',
        columns: { m: count(panel.title) },
        order: ['m'],
        visualization: { ...LAYER, metricAccessor: 'm' },
      };
    case 'over_time':
      return {
        type: 'lnsXY',
        columns: { s: terms(panel.split, panel.split, 10, fields), x: OVER_TIME, m: count('Events') },
        order: ['s', 'x', 'm'],
        visualization: {
          legend: { isVisible: true, position: 'right' },
          valueLabels: 'hide',
          preferredSeriesType: 'bar_stacked',
          layers: [
            { ...LAYER, seriesType: 'bar_stacked', xAccessor: 'x', splitAccessor: 's', accessors: ['m'] },
          ],
        },
      };
    case 'heatmap':
      return {
        type: 'lnsHeatmap',
        columns: {
          x: terms(panel.x, panel.x, 15, fields),
          y: terms(panel.y, panel.y, 15, fields),
          m: count('Events'),
        },
        order: ['x', 'y', 'm'],
        visualization: { ...LAYER, ...HEATMAP },
      };
    case 'donut':
      return {
        type: 'lnsPie',
        columns: { g: terms(panel.by, panel.by, 8, fields), m: count('Events') },
        order: ['g', 'm'],
        visualization: { shape: 'donut', layers: [{ ...LAYER, ...DONUT }] },
      };
    case 'table':
      return table(panel, fields);
  }
}

function table(panel: Panel & { kind: 'table' }, fields: Fields): Lens {
  const names = panel.by.map((_, index) => `b${index + 1}`);
  const buckets = panel.by.map(({ field, label }, index) => [
    names[index],
    terms(field, label, index === 0 ? 25 : 5, fields),
  ]);
  const metrics = [
    ['m', count('Events')],
    ...(panel.highest === undefined
      ? []
      : [['h', { ...number(panel.highest.label, 'max'), sourceField: panel.highest.field }]]),
  ];
  const order = [...names, ...metrics.map(([name]) => String(name))];
  return {
    type: 'lnsDatatable',
    columns: Object.fromEntries([...buckets, ...metrics]),
    order,
    visualization: {
      ...LAYER,
      columns: order.map((columnId) => ({ columnId })),
      paging: { enabled: true, size: 10 },
    },
  };
}

const OVER_TIME = {
  label: '@timestamp',
  dataType: 'date',
  operationType: 'date_histogram',
  sourceField: '@timestamp',
  isBucketed: true,
  scale: 'interval',
  params: { interval: 'auto', includeEmptyRows: true, dropPartials: false },
} as const;

const HEATMAP = {
  shape: 'heatmap',
  xAccessor: 'x',
  yAccessor: 'y',
  valueAccessor: 'm',
  legend: { isVisible: true, position: 'right', type: 'heatmap_legend' },
  gridConfig: {
    type: 'heatmap_grid',
    isCellLabelVisible: false,
    isXAxisLabelVisible: true,
    isYAxisLabelVisible: true,
    isXAxisTitleVisible: false,
    isYAxisTitleVisible: false,
  },
} as const;

const DONUT = {
  primaryGroups: ['g'],
  metrics: ['m'],
  numberDisplay: 'percent',
  categoryDisplay: 'default',
  legendDisplay: 'show',
  nestedLegend: false,
} as const;

/** 0 is shown as 0, not as an empty number. */
function number(label: string, operationType: string): JsonObject {
  return {
    label,
    customLabel: true,
    dataType: 'number',
    operationType,
    isBucketed: false,
    scale: 'ratio',
    params: { emptyAsNull: false },
  };
}

function count(label: string): JsonObject {
  return { ...number(label, 'count'), sourceField: '___records___' };
}

const LENS_TYPES: Partial<Record<FieldType, string>> = {
  boolean: 'boolean',
  ip: 'ip',
  long: 'number',
  short: 'number',
};

function terms(field: string, label: string, size: number, fields: Fields): JsonObject {
  return {
    label,
    customLabel: true,
    dataType: LENS_TYPES[fields.get(field) ?? 'keyword'] ?? 'string',
    operationType: 'terms',
    sourceField: field,
    isBucketed: true,
    scale: 'ordinal',
    params: {
      size,
      orderBy: { type: 'column', columnId: 'm' },
      orderDirection: 'desc',
      otherBucket: false,
      missingBucket: false,
      parentFormat: { id: 'terms' },
      include: [],
      exclude: [],
      includeIsRegex: false,
      excludeIsRegex: false,
    },
  };
}
