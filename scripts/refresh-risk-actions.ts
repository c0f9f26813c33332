import { type ActionRow, ActionTable, PASS_ROLE } from '../src/tables/action-table.ts';
import type { EscalationMethodRow, RiskCategory, RiskLevel } from '../src/tables/risk-table.ts';
import { dateOfDecisions } from './decision-dates.ts';
import { type RiskFact, readCurated, readFact } from './facts.ts';
import { byText, readGeneratedTable, writeGeneratedTable } from './generated-table.ts';

/**
 * Risk of the actions that a published list or a decision of ours speaks of: [action, level, categories, reason].
 * All others are judged by their access level (data/curated/risk-levels.json).
 */
interface RiskOverride {
  readonly action: string;
  readonly level: RiskLevel;
  /** Left out: as published. */
  readonly categories?: readonly RiskCategory[];
  readonly reason: string;
}

const CATEGORIES: Readonly<Record<string, RiskCategory>> = {
  PrivilegeEscalation: 'privilege_escalation',
  CredentialsExposure: 'credentials_exposure',
  DataExfiltration: 'data_exfiltration',
  ResourceExposure: 'resource_exposure',
};
/** The level that a published category alone gives, and the sentence that says so; the gravest first. */
const PUBLISHED: readonly { category: RiskCategory; level: RiskLevel; reason: string }[] = [
  { category: 'privilege_escalation', level: 'high', reason: 'A published way to gain privileges.' },
  { category: 'credentials_exposure', level: 'high', reason: 'Returns or makes a credential.' },
  { category: 'resource_exposure', level: 'medium', reason: 'Can open a resource to others.' },
  { category: 'data_exfiltration', level: 'low', reason: 'Reads data out of the account.' },
];

const actions = new ActionTable(readGeneratedTable<ActionRow[]>('actions'));
const overrides = new Map(readCurated<RiskOverride[]>('risk-overrides').map((row) => [row.action, row]));
const published = publishedCategories();

const names = [...new Set([...published.keys(), ...overrides.keys()])];
const unknown = names.filter((name) => actions.named(name) === undefined);
if (unknown.length > 0) throw new Error(`No such IAM action: ${unknown.join(', ')}`);

writeGeneratedTable(
  {
    table: 'risk-actions',
    generator: 'scripts/refresh-risk-actions.ts',
    source: 'data/facts/risk-actions.json, data/curated/risk-overrides.json',
    version: '1',
    date: dateOfDecisions('risk-overrides', 'escalation-methods'),
    licence:
      'BSD-3-Clause (Cloudsplaining, Pacu, Rhino Security Labs), Apache-2.0 (pathfinding.cloud), CC0-1.0 (sensitive_iam_actions), MIT (iam-vulnerable); decisions: Apache-2.0',
  },
  names.map(riskRow).sort(byText(([action]) => action)),
);

function riskRow(name: string): readonly [string, RiskLevel, readonly RiskCategory[], string] {
  const categories = PUBLISHED.filter(({ category }) => published.get(name)?.has(category));
  const override = overrides.get(name);
  const all = override?.categories ?? categories.map(({ category }) => category);
  if (override !== undefined) return [name, override.level, all, override.reason];
  const [gravest] = categories;
  if (gravest === undefined) throw new Error(`${name} has no category`);
  return [name, gravest.level, all, gravest.reason];
}

/**
 * Escalation counts by the methods table (a harmless member of a combination is none); retired actions are left out.
 */
function publishedCategories(): Map<string, Set<RiskCategory>> {
  const found = new Map<string, Set<RiskCategory>>();
  const add = (action: string, category: RiskCategory): void => {
    found.set(action, (found.get(action) ?? new Set()).add(category));
  };
  for (const [action, published] of readFact<RiskFact[]>('risk-actions')) {
    const known = actions.named(action)?.id;
    const category = CATEGORIES[published];
    if (known !== undefined && category !== undefined && category !== 'privilege_escalation')
      add(known, category);
  }
  for (const [, requires, carriers] of readGeneratedTable<EscalationMethodRow[]>('escalation-methods')) {
    if (requires.includes(PASS_ROLE)) continue;
    for (const action of carriers) add(action, 'privilege_escalation');
  }
  return found;
}
