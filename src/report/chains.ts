import type { Enrichment } from '../enrichment/enrichment.ts';
import { boundedEntry } from './bounded-entry.ts';
import { chainNames, withoutSession } from './event-facts.ts';
import { short } from './html.ts';

export interface ChainNode {
  readonly principal: string;
  /** Issuances from the root, at most. */
  depth: number;
  events: number;
  /** 0-100 */
  highest: number;
}

export interface ChainEdge {
  readonly from: string;
  readonly to: string;
  readonly action: string;
  events: number;
  highest: number;
}

const MOST_NODES = 2000;
const MOST_EDGES = 4000;

/** Who became whom, summed up from the chains that the answers tell. */
export class Chains {
  readonly nodes = new Map<string, ChainNode>();
  readonly edges = new Map<string, ChainEdge>();

  add(caller: string, enrichment: Enrichment): void {
    const { origin, risk } = enrichment;
    const names = chainNames(enrichment);
    if (names.length === 0) return;
    const steps = names.map((name, index) => ({ name, action: origin?.chain?.[index]?.action ?? '' }));
    const path = [...steps, { name: caller, action: '' }]
      .map(({ name, action }) => ({ name: short(withoutSession(name)), action }))
      // A password that a user sets for itself makes nobody else of it.
      .filter(({ name }, index, all) => name !== all[index + 1]?.name);
    for (const [depth, { name, action }] of path.entries()) {
      const next = path[depth + 1]?.name;
      this.#addNode(name, depth, next === undefined ? 1 : 0, next === undefined ? risk.score : 0);
      if (next !== undefined) this.#addEdge(name, next, action, risk.score);
    }
  }

  #addNode(principal: string, depth: number, events: number, score: number): void {
    const node = boundedEntry(this.nodes, principal, MOST_NODES, () => ({
      principal,
      depth,
      events: 0,
      highest: 0,
    }));
    if (node === undefined) return;
    node.depth = Math.max(node.depth, depth);
    node.events += events;
    node.highest = Math.max(node.highest, score);
  }

  #addEdge(from: string, to: string, action: string, score: number): void {
    const key = `${from} ${to} ${action}`;
    const edge = boundedEntry(this.edges, key, MOST_EDGES, () => ({
      from,
      to,
      action,
      events: 0,
      highest: 0,
    }));
    if (edge === undefined) return;
    edge.events++;
    edge.highest = Math.max(edge.highest, score);
  }
}
