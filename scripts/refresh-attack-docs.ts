import { fileURLToPath } from 'node:url';
import { withoutApiVersion } from '../src/tables/call-name.ts';
import { parentTechnique } from '../src/tables/ecs-threat.ts';
import type { ThreatRule } from '../src/tables/threat-table.ts';
import { type AttackDecision, type AttackFact, readCurated, readFact } from './facts.ts';
import { byText } from './generated-table.ts';
import { writeMadeFile } from './written-file.ts';

/**
 * Writes two pages of docs/reference: attack-decisions.md (what became of each call that a published rule names) and
 * attack-coverage.md (what is decided for each service). With `--check` nothing is written, and the exit code is 1
 * where one would change.
 */
type Verdict = 'kept' | 'narrowed' | 'changed' | 'dropped';

interface Judged {
  readonly call: string;
  readonly verdict: Verdict;
  readonly techniques: readonly string[];
  readonly left: readonly string[];
  readonly reason: string;
}

const MEANING: Readonly<Record<Verdict, string>> = {
  kept: 'all that the rules name, and nothing else',
  narrowed: 'a part of what the rules name',
  changed: 'at least one technique that no rule names',
  dropped: 'no technique: no adversary use that the call itself shows',
};

const decisions = readCurated<AttackDecision[]>('attack-events').toSorted(byText(callOf));
const rules = readCurated<ThreatRule[]>('attack-rules');
const published = publishedTechniques(readFact<AttackFact[]>('attack-events'));
const judged = decisions.filter((row) => published.has(callOf(row))).map(judge);

write('attack-decisions', decisionsPage());
write('attack-coverage', coveragePage());

function callOf({ eventSource, eventName }: { eventSource: string; eventName: string }): string {
  return `${eventSource.replace('.amazonaws.com', '')}:${withoutApiVersion(eventName)}`;
}

function publishedTechniques(facts: readonly AttackFact[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [eventSource, eventName, , , , , technique] of facts) {
    const call = callOf({ eventSource, eventName });
    const known = found.get(call) ?? new Set();
    found.set(call, technique === '' ? known : known.add(technique));
  }
  return found;
}

/** By parent techniques, as score:attack counts: a finer sub-technique is no change of the reading. */
function judge(row: AttackDecision): Judged {
  const techniques = row.techniques.map((use) => use.technique);
  const own = new Set(techniques.map(parentTechnique));
  const theirs = [...(published.get(callOf(row)) ?? [])].sort();
  const left = theirs.filter((technique) => !own.has(parentTechnique(technique)));
  const known = new Set(theirs.map(parentTechnique));
  const added = [...own].some((technique) => !known.has(technique));
  const verdict = own.size === 0 ? 'dropped' : added ? 'changed' : left.length > 0 ? 'narrowed' : 'kept';
  return { call: callOf(row), verdict, techniques, left, reason: row.reason };
}

function decisionsPage(): string {
  const count = (verdict: Verdict): number => judged.filter((row) => row.verdict === verdict).length;
  const verdicts = (Object.keys(MEANING) as Verdict[]).map(
    (verdict) => `| ${verdict} | ${count(verdict)} | ${MEANING[verdict]} |`,
  );
  const rows = judged.map(
    ({ call, verdict, techniques, left, reason }) =>
      `| \`${call}\` | ${verdict} | ${techniques.join(', ')} | ${left.join(', ')} | ${reason} |`,
  );
  return page('What became of each call that a published rule names', [
    `The six rule sets name ${judged.length} calls. Each was decided by hand; compared are parent techniques, in v19 ids.`,
    '',
    '| decision | calls | meaning |',
    '|---|---|---|',
    ...verdicts,
    '',
    '| call | decision | techniques | named by a rule, not taken | why |',
    '|---|---|---|---|---|',
    ...rows,
  ]);
}

function coveragePage(): string {
  const services = Map.groupBy(decisions, (row) => row.eventSource);
  const ruled = new Set(
    rules.filter((rule) => rule.techniques.length > 0).flatMap((rule) => rule.eventSources),
  );
  const rows = [...services].sort(byText(([eventSource]) => eventSource)).map(([eventSource, own]) => {
    const used = own.filter((row) => row.techniques.length > 0);
    const techniques = new Set(used.flatMap((row) => row.techniques.map((use) => use.technique)));
    const named = own.filter((row) => published.has(callOf(row))).length;
    const cells = [own.length, used.length, own.length - used.length, named, techniques.size];
    return `| ${eventSource} | ${cells.join(' | ')} | ${ruled.has(eventSource) ? 'yes' : ''} |`;
  });
  const used = decisions.filter((row) => row.techniques.length > 0);
  const only = [...ruled].filter((eventSource) => !services.has(eventSource)).sort();
  return page('ATT&CK coverage by service', [
    `${decisions.length} calls of ${services.size} event sources are decided: ${used.length} with a technique,`,
    `${decisions.length - used.length} without. ${judged.length} of them are named by one of the six rule sets.`,
    'What is not decided falls back to the rules of its service and verb, where there are any; they are marked `rule`.',
    '',
    '| event source | decided | with technique | without | named by a rule set | techniques | back-off |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Back-off only: ${only.join(', ')}.`,
  ]);
}

function page(title: string, lines: readonly string[]): string {
  return `# ${title}\n\nWritten by \`node scripts/refresh-attack-docs.ts\` from data/curated and data/facts.\n\n${lines.join('\n')}\n`;
}

function write(name: string, text: string): void {
  const path = fileURLToPath(new URL(`../docs/reference/${name}.md`, import.meta.url));
  writeMadeFile(path, `docs/reference/${name}.md`, text);
}
