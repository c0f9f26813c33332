import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { loadFileConfig } from '../config.ts';
import { analyzeDocument } from '../enrichment/analyze-document.ts';
import { PolicyAnalyzer } from '../policy/policy-analyzer.ts';
import { loadTables } from '../tables/load-tables.ts';
import type { PolicyKind } from '../tables/policy-events.ts';
import type { PolicyMode } from '../tables/policy-tables.ts';
import { codeOfError } from '../thrown.ts';
import { policyInAwsOutput } from './policy-in-aws-output.ts';
import { policyTable } from './policy-table.ts';

export interface PolicyOptions {
  /** Undefined: what the AWS CLI printed says it, else an identity's. */
  readonly kind?: PolicyKind;
  readonly mode: PolicyMode;
  /** That the policy lies in. Undefined: as with `kind`, else every account that is named counts as another one. */
  readonly account?: string;
  /** Cloudsplaining's `--flag-all-risky-actions`. */
  readonly flagAll?: boolean;
  readonly json?: boolean;
}

/**
 * Prints what a policy allows. Returns the exit code: 0 done, 1 the document cannot be read, 2 the file is not there.
 */
export async function analyzePolicyFile(path: string, options: PolicyOptions): Promise<number> {
  const read = await readDocument(path);
  if (read === undefined) return 2;
  const printed = policyInAwsOutput(read);
  const {
    mode,
    flagAll = false,
    json,
    kind = printed.kind ?? 'identity',
    account = printed.account,
  } = options;
  const analyzer = new PolicyAnalyzer(loadTables(loadFileConfig(process.env).tablesDirectory));
  const analyzed = analyzeDocument({ policy: printed.text, kind, mode, account, flagAll }, analyzer);
  if (!analyzed.ok) {
    console.error(`${analyzed.problem.path}: ${analyzed.problem.message}`);
    return 1;
  }
  for (const { path: place, message } of analyzed.problems) console.error(`${place}: ${message}`);
  if (json || analyzed.findings === undefined) console.log(JSON.stringify(analyzed.analysis, null, 2));
  else process.stdout.write(policyTable(analyzed.findings, process.stdout.columns));
  return 0;
}

async function readDocument(path: string): Promise<string | undefined> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    console.error(`${path}: ${codeOfError(error) ?? 'cannot be read'}`);
    return undefined;
  }
}
