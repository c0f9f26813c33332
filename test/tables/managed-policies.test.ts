import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ManagedPolicies } from '../../src/tables/managed-policies.ts';
import { TableSchemas } from '../../src/tables/table-schemas.ts';

const data = fileURLToPath(new URL('../../data', import.meta.url));
const policies = new ManagedPolicies(readFileSync(`${data}/generated/managed-policies.json`, 'latin1'));

describe('the policies that AWS manages', () => {
  test('are found by ARN, whatever the partition and the path', () => {
    expect(policies.find('arn:aws:iam::aws:policy/AdministratorAccess')?.document).toEqual({
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    });
    expect(
      policies.find('arn:aws-us-gov:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole')?.versionId,
    ).toMatch(/^v/);
  });

  test("do not hold a customer's policy of the same name", () => {
    expect(policies.find('arn:aws:iam::111122223333:policy/AdministratorAccess')).toBeUndefined();
    expect(policies.find('arn:aws:iam::aws:policy/')).toBeUndefined();
    expect(policies.find('AdministratorAccess')).toBeUndefined();
  });

  test('are all as their schema says, and all can be found', () => {
    const rows = new TableSchemas(data).read<[arn: string, version: string, document: object][]>(
      'generated',
      'managed-policies',
    );
    expect(policies.size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(1_500);
    for (const [arn, versionId, document] of rows)
      expect(policies.find(arn)).toEqual({ arn, versionId, document });
  });

  test('an empty table holds nothing', () => {
    expect(new ManagedPolicies('').size).toBe(0);
    expect(new ManagedPolicies('[\n]\n').size).toBe(0);
  });
});
