import { html, type Markup } from '../html.ts';
import { number } from '../page-parts.ts';
import type { ReportData } from '../report-data.ts';

export function numbers(data: ReportData): Markup {
  const facts: readonly (readonly [number, string])[] = [
    [data.events, 'events'],
    [data.levels.critical + data.levels.high, 'of high or critical risk'],
    [data.denied, 'denied'],
    [data.anomalous, 'with credentials used from elsewhere'],
    [data.policyFindings, 'policy changes with findings'],
    [data.unknownOrigin, 'of unknown origin'],
  ];
  const items = facts.map(([value, label]) => html`<li><strong>${number(value)}</strong> ${label}</li>`);
  return html`<ul class="numbers">${items}</ul>`;
}
