import { describe, expect, test } from 'vitest';
import { policyTable } from '../../src/cli/policy-table.ts';
import { allow, analyze, deny, policy } from '../policy/analyzer.ts';

describe('the table of a policy', () => {
  test('begins with the gist', () => {
    const table = policyTable(analyze(policy(allow('*'))));
    expect(table.split('\n')[0]).toBe('identity policy: as good as AdministratorAccess');
    expect(table).toContain('privilege escalation 119');
    expect(table).toContain('services: *');
  });

  test('lists each finding with what it rests on, in lines of the given width', () => {
    const table = policyTable(analyze(policy(allow(['iam:PutUserPolicy', 's3:*']))), 80);
    expect(table).toMatch(/^privilege escalation: PutUserPolicy {2}high {6}high {8}0$/m);
    expect(table).toMatch(/ and \d+ more$/m);
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('says so where nothing is found', () => {
    expect(policyTable(analyze(policy(allow('s3:ListBucket', 'arn:aws:s3:::example'))))).toBe(
      'identity policy: no findings\n',
    );
  });

  test('names who gets in', () => {
    const open = policy(allow('s3:GetObject', '*', { Principal: { AWS: '444455556666' } }));
    const table = policyTable(analyze(open, 'resource'));
    expect(table).toContain('resource policy: lets in 444455556666');
    expect(table).toContain('who: 444455556666');
  });

  test('says that a Deny shuts everyone out, and whom it spares', () => {
    const bucket = ['arn:aws:s3:::corp-data', 'arn:aws:s3:::corp-data/*'];
    const shut = policy(deny('s3:*', bucket, { Principal: '*' }));
    expect(policyTable(analyze(shut, 'resource'))).toBe('resource policy: shuts everyone out\n');
    const held = policy(deny('s3:*', bucket, { NotPrincipal: { AWS: '444455556666' } }));
    expect(policyTable(analyze(held, 'resource'))).toBe(
      'resource policy: shuts everyone out but 444455556666\n',
    );
  });

  test('lets no control character of a document through to the terminal', () => {
    const open = policy(allow('sns:Publish', '*', { Principal: { Service: 'a\u001b[2Jb' } }));
    expect(policyTable(analyze(open, 'resource'))).not.toContain('\u001b');
  });
});
