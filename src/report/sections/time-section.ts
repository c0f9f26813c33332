import { RISK_LEVELS } from '../../tables/risk-table.ts';
import { html } from '../html.ts';
import { timelineChart } from '../overview-charts.ts';
import {
  badge,
  cell,
  countCell,
  figure,
  folded,
  nothing,
  number,
  row,
  type Section,
  table,
} from '../page-parts.ts';
import type { ReportData } from '../report-data.ts';

export function timeSection({ levels, times }: ReportData): Section {
  const rows = RISK_LEVELS.map((level) => row(cell(badge(level)), countCell(levels[level])));
  const drawing =
    times.bins().length === 0
      ? nothing('No event has a time.')
      : figure(timelineChart(times), 'Events over time (UTC), by level of risk');
  const late = times.withoutTime;
  const body = html`${drawing}
${late > 0 ? html`<p>${number(late)} event(s) without a time are not in the chart.</p>` : ''}
${folded('The numbers', table('Events by level', ['Level', 'Events'], rows))}`;
  return { id: 'time', title: 'When', body };
}
