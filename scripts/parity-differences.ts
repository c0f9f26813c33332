import {
  analyzeCloudsplaining,
  type CloudsplainingFindings,
} from '../src/policy/cloudsplaining/analyze-cloudsplaining.ts';
import { CloudsplainingData } from '../src/policy/cloudsplaining/cloudsplaining-data.ts';
import type { ActionTable } from '../src/tables/action-table.ts';
import { loadTables } from '../src/tables/load-tables.ts';
import { DATA_DIRECTORY } from './data-directory.ts';
import { readIamDefinition } from './iam-definition.ts';
import { readMaybeGzip } from './maybe-gzip.ts';

/**
 * Holds mode `cloudsplaining` with the product's own tables against what Cloudsplaining answered with its data:
 *   npm run parity:data -- ORACLE.jsonl[.gz] DEFINITION.json[.gz]
 * Every difference has to come from an action that the two tables know differently; they are counted by category and
 * listed by action. Exits 1 if one cannot be explained so.
 */
type Category = keyof CloudsplainingFindings;
interface OracleLine {
  readonly name: string;
  readonly policy: unknown;
  readonly expected: CloudsplainingFindings;
}

const CATEGORIES: readonly Category[] = [
  'privilegeEscalation',
  'resourceExposure',
  'dataExfiltration',
  'credentialsExposure',
  'serviceWildcard',
  'infrastructureModification',
];

/** What Cloudsplaining looks at of an action: whether it is there, its level, and whether a resource can limit it. */
class Knowledge {
  readonly #data: CloudsplainingData;
  readonly #table: ActionTable;

  constructor(data: CloudsplainingData) {
    this.#data = data;
    this.#table = data.table;
  }

  of(name: string): string {
    const [service = '', action] = name.split(':');
    if (action === undefined) return this.#table.hasService(service) ? 'a service' : 'no such service';
    const known = this.#table.find(service, action);
    if (known === undefined) return 'no such action';
    return `${known.accessLevel}, ${this.#data.restrictable.has(known.index) ? 'limitable' : 'only on *'}`;
  }
}

function main(args: readonly string[]): number {
  const [oraclePath, definitionPath] = args;
  if (oraclePath === undefined || definitionPath === undefined) {
    console.error('usage: npm run parity:data -- ORACLE.jsonl[.gz] DEFINITION.json[.gz]');
    return 2;
  }
  const tables = loadTables(DATA_DIRECTORY);
  const theirs = readIamDefinition(readMaybeGzip(definitionPath));
  const product = new CloudsplainingData(tables.actions, tables.policies);
  const known = {
    here: new Knowledge(product),
    there: new Knowledge(new CloudsplainingData(theirs.actions, { ...tables.policies, ...theirs })),
  };
  const causes = new Map<string, number>();
  const counts = new Map<Category, number>();
  const lines = readMaybeGzip(oraclePath)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OracleLine);
  let identical = 0;
  for (const line of lines) {
    const answer = analyzeCloudsplaining(line.policy, product);
    const differences = 'code' in answer ? [] : differencesOf(line.expected, answer);
    if (differences.length === 0) identical++;
    for (const { category, name } of differences) {
      counts.set(category, (counts.get(category) ?? 0) + 1);
      const cause = `${name}: ${known.there.of(name)} in the oracle's data, ${known.here.of(name)} here`;
      causes.set(cause, (causes.get(cause) ?? 0) + 1);
    }
  }
  for (const [cause, count] of [...causes].sort()) console.log(`${String(count).padStart(5)}  ${cause}`);
  for (const category of CATEGORIES) console.log(`${category}: ${counts.get(category) ?? 0} differences`);
  const unexplained = [...causes.keys()].filter((cause) => {
    const [, there, here] = /: (.*) in the oracle's data, (.*) here$/.exec(cause) ?? [];
    return there === here;
  });
  for (const cause of unexplained) console.log(`not explained: ${cause}`);
  console.log(
    `${identical} of ${lines.length} identical, ${unexplained.length} differences not explained by AWS data`,
  );
  return unexplained.length === 0 ? 0 : 1;
}

function differencesOf(expected: CloudsplainingFindings, answer: CloudsplainingFindings) {
  return CATEGORIES.flatMap((category) => {
    const wanted = namesOf(expected, category);
    const given = namesOf(answer, category);
    const names = [
      ...wanted.filter((name) => !given.includes(name)),
      ...given.filter((name) => !wanted.includes(name)),
    ];
    return names.map((name) => ({ category, name }));
  });
}

/** A method stands for its actions: if it is missing, one of them is what the tables know differently. */
function namesOf(findings: CloudsplainingFindings, category: Category): string[] {
  return findings[category].flatMap((finding) => (typeof finding === 'string' ? [finding] : finding.actions));
}

process.exitCode = main(process.argv.slice(2));
