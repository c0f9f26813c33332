import { BarChart, GraphChart, HeatmapChart } from 'echarts/charts';
import { GridComponent, LegendComponent, VisualMapComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { RiskLevel } from '../tables/risk-table.ts';
import { Markup } from './html.ts';

use([BarChart, HeatmapChart, GraphChart, GridComponent, LegendComponent, VisualMapComponent, SVGRenderer]);

/** Colours are variables of the page's style, so that one drawing serves light, dark and paper. */
export const RISK_COLOURS: Readonly<Record<RiskLevel, string>> = {
  none: 'var(--risk-none)',
  low: 'var(--risk-low)',
  medium: 'var(--risk-medium)',
  high: 'var(--risk-high)',
  critical: 'var(--risk-critical)',
};
export const TEXT = 'var(--text)';
export const FAINT = 'var(--faint)';
export const FONT = { fontFamily: 'inherit', fontSize: 12, color: TEXT } as const;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A chart as an SVG element, drawn without a browser. `name` says what it shows to those who do not see it. ECharts
 * escapes the texts that it draws; the rules for a mouse that it adds are taken out, for nothing moves in the page.
 */
export function chart(name: Markup, size: Size, option: EChartsCoreOption): Markup {
  const drawing = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    drawing.setOption({ animation: false, textStyle: FONT, ...option });
    const svg = drawing
      .renderToSVGString()
      .replace(/<style[\s>][\s\S]*?<\/style>/, '')
      .replaceAll(/ (?:class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="\w+"|xmlns:xlink="[^"]*")/g, '');
    return new Markup(
      svg.replace(/^<svg width="\d+" height="\d+"/, `<svg role="img" aria-label="${name.text}"`),
    );
  } finally {
    drawing.dispose();
  }
}
