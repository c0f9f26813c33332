import { chainChart } from '../chain-chart.ts';
import type { ChainEdge } from '../chains.ts';
import { html, type Markup } from '../html.ts';
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
  who,
} from '../page-parts.ts';
import type { ReportData } from '../report-data.ts';

const MOST_ROWS = 60;
const TITLE = { id: 'chains', title: 'Chains of roles' };
const CAPTION =
  'Who obtained credentials of whom: from the root on the left, a step for each issuance; sessions of one role are one dot';

export function chainSection({ chains }: ReportData): Section {
  const drawing = chainChart(chains);
  if (drawing === undefined)
    return { ...TITLE, body: nothing('No credential whose issuance is in the events was used.') };
  const edges = [...chains.edges.values()]
    .toSorted((a, b) => b.highest - a.highest || b.events - a.events)
    .slice(0, MOST_ROWS);
  const heads = ['Who', 'By', 'Became', 'Events', 'Highest risk'];
  const body = html`${figure(drawing, CAPTION)}
${folded('As a table', table('Chains', heads, edges.map(edgeRow)))}`;
  return { ...TITLE, body };
}

function edgeRow({ from, to, action, events, highest }: ChainEdge): Markup {
  return row(cell(who(from)), cell(action), cell(who(to)), countCell(events), cell(scoreBadge(highest)));
}
