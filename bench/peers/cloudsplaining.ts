import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readIamDefinition } from '../../scripts/iam-definition.ts';
import {
  analyzeCloudsplaining,
  type CloudsplainingFindings,
} from '../../src/policy/cloudsplaining/analyze-cloudsplaining.ts';
import { CloudsplainingData } from '../../src/policy/cloudsplaining/cloudsplaining-data.ts';
import { loadTables } from '../../src/tables/load-tables.ts';
import { type Measure, tell } from '../measure.ts';

/**
 * Installs Cloudsplaining from PyPI into a virtual environment, and runs it and mode `cloudsplaining` on the same
 * policies, with the IAM definition that Cloudsplaining brings along:
 *   npm run bench:peers [-- POLICIES.jsonl]
 * Without a file the policies are those that AWS manages. A line of the file is a policy, or {policy}. Prints the
 * agreement and the CPU times of both, warm, in one run.
 */
interface PeerAnswers {
  readonly cloudsplaining: string;
  readonly policySentry: string;
  readonly definition: unknown;
  readonly answers: readonly (CloudsplainingFindings | { readonly error: string })[];
  readonly cpuSeconds: { readonly admin: number; readonly corpus: number };
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const VENV = `${HERE}.venv`;
const ADMIN = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

function install(): string {
  const python = `${VENV}/bin/python`;
  if (!existsSync(python)) {
    execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'cloudsplaining'], { stdio: 'inherit' });
  }
  return python;
}

function readPolicies(path: string | undefined): unknown[] {
  if (path === undefined) {
    const rows = JSON.parse(readFileSync(`${HERE}../../data/generated/managed-policies.json`, 'utf8'));
    return rows.map((row: readonly [arn: string, version: string, document: unknown]) => row[2]);
  }
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const value = JSON.parse(line);
    return value.policy ?? value;
  });
}

function askPeer(python: string, policies: readonly unknown[]): PeerAnswers {
  const directory = mkdtempSync(join(tmpdir(), 'detrails-peers-'));
  try {
    const [input, output] = [join(directory, 'policies.json'), join(directory, 'answers.json')];
    writeFileSync(input, JSON.stringify(policies));
    execFileSync(python, [`${HERE}cloudsplaining_answers.py`, input, output], { stdio: 'inherit' });
    return JSON.parse(readFileSync(output, 'utf8'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function isSame(
  expected: PeerAnswers['answers'][number],
  answer: ReturnType<typeof analyzeCloudsplaining>,
): boolean {
  if ('error' in expected) return 'code' in answer;
  if ('code' in answer) return false;
  const categories = Object.keys(expected) as (keyof CloudsplainingFindings)[];
  return categories.every(
    (category) => JSON.stringify(expected[category]) === JSON.stringify(answer[category]),
  );
}

export function measureAgainstCloudsplaining(path?: string): readonly Measure[] {
  const policies = readPolicies(path);
  const peer = askPeer(install(), policies);
  const { actions, resourceTypes } = readIamDefinition(JSON.stringify(peer.definition));
  const tables = loadTables(`${HERE}../../data`).policies;
  const data = new CloudsplainingData(actions, { ...tables, resourceTypes });
  const answers = policies.map((policy) => analyzeCloudsplaining(policy, data));
  const same = answers.filter((answer, at) => isSame(peer.answers[at] ?? { error: '' }, answer)).length;

  for (let round = 0; round < 10; round++) for (const policy of policies) analyzeCloudsplaining(policy, data);
  const rounds = 10;
  const corpus =
    cpuSeconds(() => {
      for (let round = 0; round < rounds; round++)
        for (const policy of policies) analyzeCloudsplaining(policy, data);
    }) / rounds;
  const adminRounds = 500;
  for (let round = 0; round < adminRounds; round++) analyzeCloudsplaining(ADMIN, data);
  const admin =
    cpuSeconds(() => {
      for (let round = 0; round < adminRounds; round++) analyzeCloudsplaining(ADMIN, data);
    }) / adminRounds;

  console.log(
    `Cloudsplaining ${peer.cloudsplaining} with policy_sentry ${peer.policySentry}, ${actions.all.length} actions`,
  );
  const milliseconds = (seconds: number) => seconds * 1000;
  return [
    {
      what: 'analysis of AdministratorAccess, against Cloudsplaining',
      unit: 'ms CPU',
      ours: milliseconds(admin),
      theirs: milliseconds(peer.cpuSeconds.admin),
      atMost: 0.01,
    },
    {
      what: `  of ${policies.length} policies`,
      unit: 'ms CPU',
      ours: milliseconds(corpus),
      theirs: milliseconds(peer.cpuSeconds.corpus),
      atMost: 0.05,
    },
    { what: '  policies answered alike', unit: 'policies', ours: same, theirs: policies.length, atLeast: 1 },
  ];
}

if (import.meta.main) tell(measureAgainstCloudsplaining(process.argv[2]));
