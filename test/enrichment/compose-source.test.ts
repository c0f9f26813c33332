import { expect, test } from 'vitest';
import { composeSource } from '../../src/enrichment/compose-source.ts';
import type { Source } from '../../src/session/claim.ts';

const UNKNOWN: Source = {
  address: undefined,
  userAgent: undefined,
  vpcEndpointId: undefined,
  vpcEndpointAccountId: undefined,
};

test.each([
  ['a public address', { address: '203.0.113.10' }, '203.0.113.10'],
  ['a private address', { address: '10.0.0.7' }, '10.0.0.7'],
  ['an address behind a VPC endpoint', { address: '10.0.0.7', vpcEndpointId: 'vpce-0abc' }, '10.0.0.7'],
  ['no address, behind a VPC endpoint', { address: 'AWS Internal', vpcEndpointId: 'vpce-0abc' }, undefined],
  ['a service', { address: 'ec2.amazonaws.com' }, undefined],
  ['nothing', {}, undefined],
])('ip is given where the source is an address: %s', (_name, source, ip) => {
  const output = composeSource({ ...UNKNOWN, ...source });
  expect(output.ip).toBe(ip);
});
