import { html } from '../html.ts';
import { attackChart, rankedTechniques } from '../overview-charts.ts';
import {
  cell,
  countCell,
  figure,
  folded,
  nothing,
  row,
  type Section,
  scoreBadge,
  table,
} from '../page-parts.ts';
import type { ReportData } from '../report-data.ts';

const MOST_ROWS = 100;
const CAPTION = 'Number of events for each technique; the colour is the highest level of risk among them';
const HEADS = ['Technique', 'Name', 'Tactics', 'Events', 'Highest risk'];

export function attackSection(data: ReportData): Section {
  const drawing = attackChart(data);
  if (drawing === undefined)
    return { id: 'attack', title: 'ATT&CK', body: nothing('No event is related to a technique.') };
  const rows = rankedTechniques(data)
    .slice(0, MOST_ROWS)
    .map(({ id, name, tactics, events, highest }) => {
      const page = `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`;
      const of = [...tactics.keys()].map((tactic) => data.tacticNames.get(tactic) ?? tactic).join(', ');
      const link = html`<a href="${page}" rel="noreferrer">${id}</a>`;
      return row(cell(link), cell(name), cell(of), countCell(events), cell(scoreBadge(highest)));
    });
  const body = html`${figure(drawing, CAPTION)}
${folded('As a table, with names and links', table('Techniques', HEADS, rows))}`;
  return { id: 'attack', title: 'ATT&CK', body };
}
