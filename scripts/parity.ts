import { type Problem, problem } from '../src/errors.ts';
import { analyzeCloudsplaining } from '../src/policy/cloudsplaining/analyze-cloudsplaining.ts';
import {
  analyzeCloudsplainingTrust,
  type CloudsplainingTrust,
} from '../src/policy/cloudsplaining/analyze-cloudsplaining-trust.ts';
import { CloudsplainingData } from '../src/policy/cloudsplaining/cloudsplaining-data.ts';
import { loadPolicyTables } from '../src/tables/load-policy-tables.ts';
import { TableSchemas } from '../src/tables/table-schemas.ts';
import { DATA_DIRECTORY } from './data-directory.ts';
import { readIamDefinition } from './iam-definition.ts';
import { readMaybeGzip } from './maybe-gzip.ts';

/**
 * Holds mode `cloudsplaining` against what Cloudsplaining itself answered:
 *   npm run parity -- ORACLE.jsonl[.gz] DEFINITION.json[.gz] [--flag-all]
 * A line is {name, policy, expected}; with `knownAccounts` it is a trust policy, and with `error` instead of
 * `expected` an input on which Cloudsplaining fails, which must give a problem here. Ends with `N of M identical`.
 */
interface OracleLine {
  readonly name: string;
  readonly policy: unknown;
  readonly expected?: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly currentAccountId?: string | null;
  readonly knownAccounts?: readonly string[] | null;
}

function main(args: readonly string[]): number {
  const [oraclePath, definitionPath] = args.filter((arg) => !arg.startsWith('--'));
  if (oraclePath === undefined || definitionPath === undefined) {
    console.error('usage: npm run parity -- ORACLE.jsonl[.gz] DEFINITION.json[.gz] [--flag-all]');
    return 2;
  }
  const constants = loadPolicyTables(new TableSchemas(DATA_DIRECTORY));
  const { actions, resourceTypes } = readIamDefinition(readMaybeGzip(definitionPath));
  const data = new CloudsplainingData(actions, { ...constants, resourceTypes });
  const flagAll = args.includes('--flag-all');
  const lines = readMaybeGzip(oraclePath)
    .split('\n')
    .filter((line) => line.trim() !== '');
  let identical = 0;
  for (const text of lines) {
    const line = JSON.parse(text) as OracleLine;
    const answer =
      'knownAccounts' in line
        ? answerToTrust(line, constants.cloudsplaining.computeServices)
        : analyzeCloudsplaining(line.policy, data, flagAll);
    const differences = compare(line, answer as unknown as Readonly<Record<string, unknown>>);
    if (differences.length === 0) identical++;
    for (const difference of differences) console.log(`${line.name}: ${difference}`);
  }
  console.log(`${identical} of ${lines.length} identical`);
  return identical === lines.length ? 0 : 1;
}

/** To an account that is known Cloudsplaining does as to the own one: elsewhere is what is so for each of them. */
function answerToTrust(line: OracleLine, computeServices: readonly string[]): CloudsplainingTrust | Problem {
  const { policy, currentAccountId, knownAccounts } = line;
  const answers = [currentAccountId, ...(knownAccounts ?? [])].map((account) =>
    analyzeCloudsplainingTrust(policy, { currentAccountId: account ?? undefined, computeServices }),
  );
  const [own = problem('policy_invalid', '')] = answers;
  if ('code' in own) return own;
  const assumableByCrossAccountPrincipal = own.assumableByCrossAccountPrincipal.filter((principal) =>
    answers.every((one) => 'code' in one || one.assumableByCrossAccountPrincipal.includes(principal)),
  );
  return { ...own, assumableByCrossAccountPrincipal };
}

function compare(line: OracleLine, answer: Readonly<Record<string, unknown>>): string[] {
  const failed = 'code' in answer;
  if (line.expected === undefined) return failed ? [] : ['answered, where Cloudsplaining fails'];
  if (failed) return [`problem ${String(answer['code'])} at ${String(answer['path'])}`];
  return Object.entries(line.expected).flatMap(([category, expected]) => {
    const got = answer[category];
    return JSON.stringify(got) === JSON.stringify(expected)
      ? []
      : [`${category}: ${describe(expected, got)}`];
  });
}

function describe(expected: unknown, got: unknown): string {
  const wanted = (Array.isArray(expected) ? expected : [expected]).map((value) => JSON.stringify(value));
  const given = (Array.isArray(got) ? got : [got]).map((value) => JSON.stringify(value));
  const missing = wanted.filter((value) => !given.includes(value));
  const extra = given.filter((value) => !wanted.includes(value));
  if (missing.length === 0 && extra.length === 0) return 'the same in another order or number';
  return `missing [${missing.join(', ')}], not expected [${extra.join(', ')}]`;
}

process.exitCode = main(process.argv.slice(2));
