import { expect, test } from 'vitest';
import { ask, newStore } from './trail.ts';

test('of a person at the access portal who they are is told, and no credential', () => {
  const userIdentity = {
    type: 'IdentityCenterUser',
    accountId: '111122223333',
    onBehalfOf: {
      userId: 'EXAMPLE-USER',
      identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1',
    },
    credentialId: 'EXAMPLE-CREDENTIAL',
  };
  const event = {
    eventTime: '2026-11-24T10:00:00Z',
    eventSource: 'sso.amazonaws.com',
    eventName: 'Federate',
    eventID: 'e1',
    sourceIPAddress: '203.0.113.10',
    userIdentity,
  };
  const { origin, source_check } = ask(newStore(), event);
  expect(origin).toMatchObject({ status: 'self_described', join: 'on_behalf_of' });
  expect(origin?.requester).toMatchObject({ type: 'IdentityCenterUser', principal_id: 'EXAMPLE-USER' });
  expect(origin).not.toHaveProperty('credential');
  expect(source_check?.verdict).toBe('not_temporary');
});
