import { withoutApiVersion } from '../src/tables/call-name.ts';
import { parentTechnique } from '../src/tables/ecs-threat.ts';
import { dateOfDecisions } from './decision-dates.ts';
import { type AttackDecision, type AttackFact, readCurated, readFact } from './facts.ts';
import { byText, writeGeneratedTable } from './generated-table.ts';

/**
 * Joins the decisions made by hand (data/curated/attack-events.json) with the published rules (data/facts) that
 * name the same technique for the same call: what they add is support, never a technique. A call that a rule names
 * and nobody decided stops the script.
 */
const facts = readFact<AttackFact[]>('attack-events');
const decisions = readCurated<AttackDecision[]>('attack-events');

const keyOf = (eventSource: string, eventName: string): string =>
  `${eventSource}:${withoutApiVersion(eventName)}`;

const sourcesOf = new Map<string, Map<string, Set<string>>>();
for (const [eventSource, eventName, source, , , , technique] of facts) {
  const key = keyOf(eventSource, eventName);
  const techniques = sourcesOf.get(key) ?? new Map<string, Set<string>>();
  const parent = parentTechnique(technique);
  techniques.set(parent, (techniques.get(parent) ?? new Set()).add(source));
  sourcesOf.set(key, techniques);
}

const decided = new Set(decisions.map(({ eventSource, eventName }) => keyOf(eventSource, eventName)));
const open = [...sourcesOf.keys()].filter((key) => !decided.has(key));
if (open.length > 0)
  throw new Error(
    `${open.length} calls are not decided in data/curated/attack-events.json, such as ${open.slice(0, 5).join(', ')}`,
  );

const rows = decisions.map(({ eventSource, eventName, techniques, reason }) => {
  const known = sourcesOf.get(keyOf(eventSource, eventName));
  const uses = techniques.map(({ technique, tactics }) => {
    const sources = [...(known?.get(parentTechnique(technique)) ?? [])].sort();
    return [technique, tactics, sources] as const;
  });
  const supported = uses.length > 0 && uses.every(([, , sources]) => sources.length > 0);
  return [eventSource, eventName, supported ? 'sources' : 'curated', uses, reason] as const;
});

writeGeneratedTable(
  {
    table: 'attack-events',
    generator: 'scripts/refresh-attack-events.ts',
    source:
      'data/curated/attack-events.json, with the support of TrailDiscover, Panther, Splunk, Turbot, Chronicle and Sigma',
    version: 'ATT&CK v19',
    date: dateOfDecisions('attack-events'),
    licence:
      'decisions: Apache-2.0; support: CC BY 4.0 (TrailDiscover, adanalvarez), Apache-2.0, DRL 1.1 (Sigma)',
  },
  rows.sort(byText(([eventSource, eventName]) => `${eventSource}:${eventName}`)),
);
