import { html, type Markup } from '../html.ts';
import {
  cell,
  nothing,
  outcomeNote,
  row,
  type Section,
  scoreBadge,
  table,
  timeCell,
  who,
} from '../page-parts.ts';
import type { EventLine, ReportData } from '../report-data.ts';

const MOST_REASONS = 8;
const HEADS = ['Risk', 'Time', 'Who', 'Call', 'Why', 'Where'];

export function topSection(data: ReportData): Section {
  const rows = data.top.sorted().map(eventRow);
  const body = rows.length === 0 ? nothing('No event has a risk.') : table('Top events', HEADS, rows);
  return { id: 'events', title: 'Top events', body };
}

function eventRow(line: EventLine): Markup {
  const { risk, action } = line.answer;
  const caller = line.root === line.caller ? '' : html`<div class="small">as ${who(line.caller)}</div>`;
  const level = html`<div class="small">${action.access_level}</div>`;
  const reasons = risk.reasons.slice(0, MOST_REASONS).map((reason) => html`<li>${reason}</li>`);
  return row(
    cell(scoreBadge(risk.score)),
    timeCell(line.time),
    cell([who(line.root), caller]),
    cell([line.action, outcomeNote(action.outcome), level]),
    cell(html`<ul>${reasons}</ul>`, 'why'),
    cell(
      html`${line.accountId} ${line.region}<br>${line.address}<br><code>${line.eventId}</code>`,
      'small where',
    ),
  );
}
