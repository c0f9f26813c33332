import { html, type Markup, short } from '../html.ts';
import { badge, cell, countCell, nothing, row, type Section, table, timeCell, who } from '../page-parts.ts';
import type { MovedCredential, ReportData } from '../report-data.ts';

const MOST_ROWS = 60;
const TITLE = { id: 'moved', title: 'Used from elsewhere' };
const HEADS = ['First', 'Last', 'Who', 'Verdict', 'Own source', 'Seen at', 'Client', 'Events'];

export function movedSection(data: ReportData): Section {
  const moved = [...data.moved.values()]
    .toSorted((a, b) => b.line.answer.risk.score - a.line.answer.risk.score || b.uses - a.uses)
    .slice(0, MOST_ROWS);
  if (moved.length === 0)
    return { ...TITLE, body: nothing('No credential was seen at another source than its own.') };
  const body = html`<p>Temporary credentials that are used from another place than the one they were issued to.</p>
${table('Used from elsewhere', HEADS, moved.map(movedRow))}`;
  return { ...TITLE, body };
}

function movedRow({ line, uses, first, last }: MovedCredential): Markup {
  const check = line.answer.source_check;
  const severity = check?.severity === 'high' ? 'high' : 'medium';
  return row(
    timeCell(first),
    timeCell(last),
    cell(who(line.caller)),
    cell(badge(severity, (check?.verdict ?? '').replaceAll('_', ' '))),
    cell(short(check?.compared?.against ?? '', 60)),
    cell(line.address),
    cell(short(line.client ?? '', 60)),
    countCell(uses),
  );
}
