import { levelOfScore } from '../enrichment/score-risk.ts';
import { RISK_LEVELS, type RiskLevel } from '../tables/risk-table.ts';
import { chart, FAINT, FONT, RISK_COLOURS, TEXT } from './chart.ts';
import { html, type Markup, plainText, short } from './html.ts';
import type { ReportData, TechniqueSum } from './report-data.ts';
import type { TimeBin, TimeBins } from './time-bins.ts';

const AXIS_LINE = { lineStyle: { color: FAINT } } as const;

/** Grave events are few and quiet ones many, so each has a scale of its own: the grave above, the quiet below. */
const GRAVE: readonly RiskLevel[] = ['medium', 'high', 'critical'];
const QUIET: readonly RiskLevel[] = ['none', 'low'];

export function timelineChart(times: TimeBins): Markup {
  const bins = times.bins();
  const labels = bins.map(({ start }) => timeLabel(start, times.width));
  const axis = { type: 'category', data: labels, axisLine: AXIS_LINE, axisTick: { show: false } } as const;
  const scale = {
    type: 'value',
    minInterval: 1,
    splitNumber: 3,
    axisLabel: FONT,
    splitLine: AXIS_LINE,
  } as const;
  return chart(
    html`Number of events over time by level of risk`,
    { width: 1080, height: 326 },
    {
      grid: [
        { left: 52, right: 16, top: 34, height: 128, outerBoundsMode: 'none' },
        { left: 52, right: 16, top: 184, height: 104, outerBoundsMode: 'none' },
      ],
      legend: {
        top: 0,
        left: 0,
        textStyle: FONT,
        itemWidth: 14,
        itemHeight: 10,
        itemGap: 26,
        data: [...RISK_LEVELS],
      },
      xAxis: [
        { ...axis, gridIndex: 0, axisLabel: { show: false } },
        { ...axis, gridIndex: 1, axisLabel: { ...FONT, hideOverlap: true } },
      ],
      yAxis: [
        { ...scale, gridIndex: 0 },
        { ...scale, gridIndex: 1 },
      ],
      series: [...GRAVE.map((level) => bars(bins, level, 0)), ...QUIET.map((level) => bars(bins, level, 1))],
    },
  );
}

function bars(bins: readonly TimeBin[], level: RiskLevel, row: number): object {
  return {
    name: level,
    type: 'bar',
    stack: `row ${row}`,
    xAxisIndex: row,
    yAxisIndex: row,
    silent: true,
    barCategoryGap: '12%',
    barMaxWidth: 28,
    emphasis: { disabled: true },
    itemStyle: { color: RISK_COLOURS[level] },
    // Nothing is drawn where there is nothing.
    data: bins.map((bin) => bin[level] || '-'),
  };
}

function timeLabel(start: number, width: number): string {
  const iso = new Date(start).toISOString();
  if (width >= 86_400_000) return iso.slice(0, 10);
  return width >= 60_000
    ? `${iso.slice(5, 10)}\n${iso.slice(11, 16)}`
    : `${iso.slice(5, 10)}\n${iso.slice(11, 19)}`;
}

const MOST_ROWS = 24;

/** The techniques with the gravest events first, each under its tactics: the fuller the colour, the more events. */
export function attackChart(data: ReportData): Markup | undefined {
  const techniques = rankedTechniques(data).slice(0, MOST_ROWS).toReversed();
  if (techniques.length === 0) return undefined;
  const tactics = [...new Set(techniques.flatMap(({ tactics }) => [...tactics.keys()]))].sort();
  const most = Math.max(...techniques.flatMap((technique) => [...technique.tactics.values()]));
  const cells = techniques.flatMap((technique, y) =>
    [...technique.tactics].map(([tactic, events]) => ({
      value: [tactics.indexOf(tactic), y, events],
      itemStyle: { color: shade(RISK_COLOURS[levelOfScore(technique.highest)], events, most) },
    })),
  );
  return chart(
    html`ATT&CK techniques by tactic, with the number of events`,
    { width: 1080, height: 74 + techniques.length * 26 },
    {
      grid: { left: 300, right: 16, top: 62, bottom: 12, outerBoundsMode: 'none' },
      xAxis: tacticAxis(tactics, data),
      yAxis: techniqueAxis(techniques),
      // A heat map must have one; it leaves the colours to the cells.
      visualMap: { show: false, type: 'piecewise', pieces: [{ gte: 0 }], inRange: { symbol: 'rect' } },
      series: [
        {
          type: 'heatmap',
          silent: true,
          emphasis: { disabled: true },
          label: { show: true, color: TEXT, fontFamily: 'inherit' },
          data: cells,
        },
      ],
    },
  );
}

function tacticAxis(tactics: readonly string[], { tacticNames }: ReportData): object {
  return {
    type: 'category',
    data: tactics.map((id) => plainText(`${tacticNames.get(id) ?? ''}\n${id}`.trim())),
    position: 'top',
    axisLine: AXIS_LINE,
    axisTick: { show: false },
    splitLine: { show: true, ...AXIS_LINE },
    axisLabel: {
      ...FONT,
      fontSize: 10,
      interval: 0,
      width: Math.min(110, 764 / tactics.length),
      overflow: 'break',
    },
  };
}

function techniqueAxis(techniques: readonly TechniqueSum[]): object {
  return {
    type: 'category',
    data: techniques.map(({ id, name }) => plainText(`${id}  ${short(name ?? '', 30)}`)),
    axisLine: AXIS_LINE,
    axisTick: { show: false },
    splitLine: { show: true, ...AXIS_LINE },
    axisLabel: { ...FONT, interval: 0 },
  };
}

export function rankedTechniques({ techniques }: ReportData): readonly TechniqueSum[] {
  return [...techniques.values()].toSorted(
    (a, b) => b.highest - a.highest || b.events - a.events || (a.id < b.id ? -1 : 1),
  );
}

/** On a logarithm, since one call may be a thousand times as frequent as the next; never so full that text is lost. */
function shade(colour: string, events: number, most: number): string {
  const share = most <= 1 ? 1 : Math.log(1 + events) / Math.log(1 + most);
  return `color-mix(in srgb, ${colour} ${Math.round(20 + 45 * share)}%, transparent)`;
}
