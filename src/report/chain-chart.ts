import { levelOfScore } from '../enrichment/score-risk.ts';
import { isAtLeast } from '../tables/risk-table.ts';
import type { ChainEdge, ChainNode, Chains } from './chains.ts';
import { chart, FAINT, FONT, RISK_COLOURS, TEXT } from './chart.ts';
import { principalName } from './event-facts.ts';
import { html, type Markup, plainText, shortName } from './html.ts';

const MOST_A_LAYER = 16;
const ROW = 62;
const WIDTH = 1080;
const SIDE = 110;
const ABOVE = 44;
const BELOW = 40;

interface Placed {
  readonly node: ChainNode;
  readonly column: number;
  readonly row: number;
}

/** Who became whom: roots on the left, each issuance a step to the right; the gravest on top. */
export function chainChart(chains: Chains): Markup | undefined {
  const placed = place(chains);
  if (placed.size === 0) return undefined;
  const edges = [...chains.edges.values()].filter(({ from, to }) => placed.has(from) && placed.has(to));
  const lastRow = Math.max(...[...placed.values()].map(({ row }) => row));
  const lastColumn = Math.max(1, ...[...placed.values()].map(({ column }) => column));
  const width = WIDTH - 2 * SIDE;
  // A graph is stretched to its frame: with a frame of its own size, and a corner at each end, nothing is distorted.
  const height = Math.max(1, lastRow) * ROW;
  const dots = [...placed.values()].map((one) => dot(one, (one.column * width) / lastColumn));
  return chart(
    html`Chains of assumed roles: who obtained the credentials of whom`,
    { width: WIDTH, height: height + ABOVE + BELOW },
    {
      series: [
        {
          type: 'graph',
          layout: 'none',
          silent: true,
          emphasis: { disabled: true },
          left: SIDE,
          right: SIDE,
          top: ABOVE,
          bottom: BELOW,
          edgeSymbol: ['none', 'arrow'],
          edgeSymbolSize: 9,
          label: { show: true, position: 'bottom', distance: 6, ...FONT },
          data: [...dots, corner('start', 0, 0), corner('end', width, height)],
          links: edges.map((edge) => link(edge, placed)),
        },
      ],
    },
  );
}

function corner(name: string, x: number, y: number): object {
  return { name, x, y, symbolSize: 0, label: { show: false } };
}

/** Each layer holds its gravest nodes. */
function place(chains: Chains): ReadonlyMap<string, Placed> {
  const layers = new Map<number, ChainNode[]>();
  for (const node of chains.nodes.values()) {
    const layer = layers.get(node.depth) ?? [];
    layer.push(node);
    layers.set(node.depth, layer);
  }
  const gravity = downstreamGravity(chains);
  const placed = new Map<string, Placed>();
  for (const [depth, nodes] of layers) {
    const shown = nodes
      .toSorted(
        (a, b) => (gravity.get(b.principal) ?? 0) - (gravity.get(a.principal) ?? 0) || b.events - a.events,
      )
      .slice(0, MOST_A_LAYER);
    for (const [row, node] of shown.entries()) placed.set(node.principal, { node, column: depth, row });
  }
  return placed;
}

/** A root does little itself: what counts is the gravest event of the chains that pass through it. */
function downstreamGravity({ nodes, edges }: Chains): ReadonlyMap<string, number> {
  const gravity = new Map([...nodes.values()].map(({ principal, highest }) => [principal, highest]));
  for (const { from, to, highest } of edges.values()) {
    for (const end of [from, to]) gravity.set(end, Math.max(gravity.get(end) ?? 0, highest));
  }
  return gravity;
}

function dot({ node, row }: Placed, x: number): object {
  return {
    id: node.principal,
    name: `_${node.principal}`,
    x,
    y: row * ROW,
    symbolSize: 15,
    itemStyle: { color: RISK_COLOURS[levelOfScore(node.highest)], borderColor: TEXT, borderWidth: 1 },
    label: { formatter: () => plainText(shortName(principalName(node.principal), 32)) },
  };
}

function link({ from, to, action, events, highest }: ChainEdge, placed: ReadonlyMap<string, Placed>): object {
  const start = placed.get(from);
  const end = placed.get(to);
  const isStep = (end?.column ?? 0) - (start?.column ?? 0) === 1;
  const level = levelOfScore(highest);
  const isGrave = isAtLeast(level, 'high');
  const isStraight = isStep && start?.row === end?.row;
  return {
    source: from,
    target: to,
    lineStyle: {
      color: isGrave ? RISK_COLOURS[level] : FAINT,
      width: isGrave ? 2 : 1,
      curveness: isStep ? 0 : 0.07,
      opacity: 0.9,
    },
    label: {
      show: isStraight,
      position: 'middle',
      ...FONT,
      fontSize: 11,
      formatter: () => plainText(`${action} (${events})`),
    },
  };
}
