import { html, type Markup } from '../html.ts';
import { cell, countCell, names, row, type Section, scoreBadge, table, who } from '../page-parts.ts';
import { MOST_NAMES, type PrincipalSum, type ReportData } from '../report-data.ts';

const MOST_ROWS = 25;
const HEADS = [
  'Root identity',
  'Highest risk',
  'High or critical',
  'Events',
  'Denied',
  'Acts as',
  'From',
  'Techniques',
];

export function principalSection(data: ReportData): Section {
  const ranked = [...data.principals.values()].toSorted(comparePrincipals).slice(0, MOST_ROWS);
  const body = html`<p>By the identity at the beginning of the chain of credentials, where it is known; at most ${MOST_NAMES} names of each.</p>
${table('Riskiest principals', HEADS, ranked.map(principalRow))}`;
  return { id: 'principals', title: 'Who', body };
}

function principalRow(sum: PrincipalSum): Markup {
  return row(
    html`<th scope="row">${who(sum.principal)}</th>`,
    cell(scoreBadge(sum.highest)),
    countCell(graveEvents(sum)),
    countCell(sum.events),
    countCell(sum.denied),
    cell(names(sum.actsAs)),
    cell(names(sum.addresses)),
    cell([...sum.techniques].join(' ')),
  );
}

function graveEvents({ levels }: PrincipalSum): number {
  return levels.critical + levels.high;
}

function comparePrincipals(a: PrincipalSum, b: PrincipalSum): number {
  const weight = ({ levels }: PrincipalSum): number => levels.critical * 10 + levels.high;
  return b.highest - a.highest || weight(b) - weight(a) || b.events - a.events;
}
