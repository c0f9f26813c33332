import { type ActionRow, ActionTable, PASS_ROLE } from '../src/tables/action-table.ts';
import { dateOfDecisions } from './decision-dates.ts';
import { type RiskFact, readCurated, readFact } from './facts.ts';
import { byText, readGeneratedTable, writeGeneratedTable } from './generated-table.ts';

/**
 * The published ways to gain privileges, one row for each set of actions that suffices:
 * [name, requires, carriers, sources]. Members that only read (iam:ListUsers) are left out, because the way works
 * without them; so are sets that hold a smaller one, because the smaller one suffices. Passing a role is told from
 * an event apart, so a set with iam:PassRole is only left out for a smaller one that has it too.
 */
const SOURCES = ['cloudsplaining', 'pathfinding.cloud', 'rhino', 'pacu', 'iam-vulnerable'];

const actions = new ActionTable(readGeneratedTable<ActionRow[]>('actions'));

interface MethodDecision {
  readonly requires: readonly string[];
  readonly name?: string;
  readonly carriers?: readonly string[];
  readonly dropped?: true;
}
const decisions = new Map(
  readCurated<MethodDecision[]>('escalation-methods').map((row) => [row.requires.join(' '), row]),
);

const published = Map.groupBy(
  readFact<RiskFact[]>('risk-actions').filter(
    ([, category, source]) => category === 'PrivilegeEscalation' && SOURCES.includes(source),
  ),
  ([, , source, sourceId]) => `${source} ${sourceId}`,
);

const bySet = new Map<string, { requires: string[]; names: [source: string, id: string][] }>();
for (const facts of published.values()) {
  const requires = changing(facts.map(([action]) => action));
  const [first] = facts;
  if (first === undefined || requires === undefined) continue;
  const key = requires.join(' ');
  const method = bySet.get(key) ?? { requires, names: [] };
  method.names.push([first[2], first[3]]);
  bySet.set(key, method);
}

/** The members that change something, sorted; undefined where one of them is no action of today. */
function changing(names: readonly string[]): string[] | undefined {
  const known = names.map((name) => actions.named(name)).filter((action) => action !== undefined);
  if (known.length < names.length) return undefined;
  const changes = known.filter(({ accessLevel }) => accessLevel !== 'List' && accessLevel !== 'Read');
  return [...new Set(changes.map(({ id }) => id))].sort();
}

const all = [...bySet.values()];
const rows = all.filter(isKept).map(({ requires, names }) => {
  const ordered = names.toSorted(
    (a, b) => SOURCES.indexOf(a[0]) - SOURCES.indexOf(b[0]) || (a[1] < b[1] ? -1 : 1),
  );
  const decision = decisions.get(requires.join(' '));
  const name = decision?.name ?? ordered[0]?.[1] ?? '';
  const carriers = decision?.carriers ?? carriersOf(requires, name);
  return [name, requires, carriers, ordered.map(([source, id]) => `${source} ${id}`)] as const;
});

function isKept({ requires }: { requires: readonly string[] }): boolean {
  if (decisions.get(requires.join(' '))?.dropped === true) return false;
  const passes = requires.includes(PASS_ROLE);
  return !all.some(
    (other) =>
      other.requires.length < requires.length &&
      other.requires.includes(PASS_ROLE) === passes &&
      other.requires.every((action) => requires.includes(action)),
  );
}

/** Where a role is passed, that shows it in the event of whichever member it is handed to. */
function carriersOf(requires: readonly string[], name: string): readonly string[] {
  if (requires.length === 1) return requires;
  if (requires.includes(PASS_ROLE)) return requires.filter((action) => action !== PASS_ROLE);
  throw new Error(`data/curated/escalation-methods.json does not say what carries ${name}`);
}

writeGeneratedTable(
  {
    table: 'escalation-methods',
    generator: 'scripts/refresh-escalation-methods.ts',
    source: 'data/facts/risk-actions.json, data/curated/escalation-methods.json',
    version: '1',
    date: dateOfDecisions('escalation-methods'),
    licence:
      'BSD-3-Clause (Cloudsplaining, Pacu, Rhino Security Labs), Apache-2.0 (pathfinding.cloud), MIT (iam-vulnerable)',
  },
  rows.sort(byText(([name]) => name)),
);
