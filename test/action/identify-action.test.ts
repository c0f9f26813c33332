import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifyAction } from '../../src/action/identify-action.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { ActionTable } from '../../src/tables/action-table.ts';
import { EventRules } from '../../src/tables/event-rules.ts';
import { tables } from '../shipped-tables.ts';
import { callRecord } from './call-record.ts';
import cases from './identify-action.cases.json' with { type: 'json' };
import passedRoles from './passed-roles.cases.json' with { type: 'json' };

const USER = { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' };
const SERVICE = { accountId: '111122223333', invokedBy: 'AWS Internal' };
const IDENTITY_CENTER_USER = {
  type: 'IdentityCenterUser',
  accountId: '111122223333',
  onBehalfOf: { userId: 'u', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1' },
};

describe('identifyAction', () => {
  test.each(cases)('$name', ({ event, mapping, actions }) => {
    const identified = identifyAction(callRecord(event), tables);
    expect(identified.actions.map((action) => action.id)).toEqual(actions);
    expect(identified.mapping).toBe(mapping);
  });

  test('tells why a record is no API call, and only then', () => {
    for (const { event, mapping } of cases) {
      const { why } = identifyAction(callRecord(event), tables);
      expect(why !== undefined).toBe(mapping === 'not_an_api_call');
    }
  });

  test.each([
    ['what QuickSight lets a person do', 'quicksight', 'BatchCreateUser', USER, 'somebody did in QuickSight'],
    ['what else it lets a person do', 'quicksight', 'CreateSomething', USER, 'is no call to a public API'],
    ['what a service does', 'quicksight', 'CreateSomething', SERVICE, 'about itself'],
    ["KMS's own act", 'kms', 'RotateKey', SERVICE, 'KMS acts on a key by itself'],
    ['a sign-in', 'signin', 'UserAuthentication', IDENTITY_CENTER_USER, 'A sign-in to the console'],
    [
      'a step at the access portal',
      'sso',
      'Federate',
      IDENTITY_CENTER_USER,
      'A sign-in at the access portal',
    ],
  ])('says of %s what it is', (_, service, eventName, userIdentity, why) => {
    const event = {
      eventSource: `${service}.amazonaws.com`,
      eventName,
      eventType: 'AwsServiceEvent',
      userIdentity,
    };
    expect(identifyAction(callRecord(event), tables).why).toContain(why);
  });

  test.each([
    ['refused, of a stranger', 'VpceAccessDenied', '444455556666', 'recorded nowhere else', true],
    ['refused, of the account itself', 'VpceAccessDenied', '111122223333', 'recorded nowhere else', false],
    ['allowed, of a stranger', undefined, '444455556666', 'recorded in that account', false],
    ['allowed, of the account itself', undefined, '111122223333', 'an event of its own', false],
  ])(
    'says of a call at an endpoint, %s, where it is recorded',
    (_, errorCode, accountId, why, isRefusedStranger) => {
      const event = {
        eventSource: 's3.amazonaws.com',
        eventName: 'PutObject',
        eventType: 'AwsVpceEvent',
        eventCategory: 'NetworkActivity',
        errorCode,
        userIdentity: { type: 'AWSAccount', accountId },
        recipientAccountId: '111122223333',
        vpcEndpointAccountId: '111122223333',
      };
      const identified = identifyAction(callRecord(event), tables);
      expect(identified.why).toContain(why);
      expect(identified).toMatchObject({ mapping: 'not_an_api_call', isRefusedStranger });
    },
  );

  test('names the service of an unknown call where the host tells it', () => {
    const record = callRecord({ eventSource: 'monitoring.amazonaws.com', eventName: 'NoSuchCall' });
    expect(identifyAction(record, tables)).toMatchObject({
      mapping: 'unknown',
      service: 'cloudwatch',
      actions: [],
    });
  });

  test('is exact by the name, and by a rule where a parameter tells, whatever was asked before', () => {
    const call = { eventSource: 'autoscaling.amazonaws.com', eventName: 'RegisterScalableTarget' };
    const mappingWith = (requestParameters: JsonObject) =>
      identifyAction(callRecord({ ...call, requestParameters }), tables).mapping;
    const [told, untold] = [{ serviceNamespace: 'ecs' }, {}];
    expect([told, untold, told].map(mappingWith)).toEqual(['rule', 'exact', 'rule']);
  });

  test('knows a new action by its exact name as soon as the table of actions holds it', () => {
    const actions = new ActionTable([
      ['iam', 'PassRole', 'Write', []],
      ['newservice', 'DoSomethingNew', 'Write', []],
    ]);
    const rows = {
      hosts: [],
      actions: [],
      verbs: [],
      passedRoles: [],
      sdkActions: [],
      nonApiEvents: [],
      serviceEvents: [],
    };
    const suffixes = [{ suffix: '.amazonaws.com', partition: 'aws', reason: '', reference: '' }];
    const eventRules = new EventRules({ ...rows, suffixes }, actions);
    const record = callRecord({ eventSource: 'newservice.amazonaws.com', eventName: 'DoSomethingNew' });
    expect(identifyAction(record, { eventRules })).toMatchObject({ mapping: 'exact', service: 'newservice' });
  });

  test('refuses a table that maps to an action that does not exist', () => {
    const row = { service: 'iam', events: ['A'], actions: ['iam:B'], reason: '', reference: '' };
    const rows = {
      suffixes: [],
      hosts: [],
      actions: [row],
      verbs: [],
      passedRoles: [],
      sdkActions: [],
      nonApiEvents: [],
      serviceEvents: [],
    };
    expect(() => new EventRules(rows, new ActionTable([['iam', 'PassRole', 'Write', []]]))).toThrow('iam:B');
  });

  test('answers for whatever the parameters hold', () => {
    const named = cases.filter(({ event }) => 'requestParameters' in event);
    fc.assert(
      fc.property(fc.constantFrom(...named), fc.jsonValue(), fc.nat(), ({ event }, value, pick) => {
        const keys = Object.keys(event.requestParameters ?? {});
        const requestParameters = { [keys[pick % keys.length] ?? 'x']: value };
        const { actions, mapping } = identifyAction(callRecord({ ...event, requestParameters }), tables);
        expect(actions.length > 0).toBe(mapping !== 'unknown');
      }),
      { numRuns: 500 },
    );
  });

  test('looks no deeper than a path goes, however deep the parameters are', () => {
    let requestParameters: unknown = {};
    for (let depth = 0; depth < 20_000; depth++)
      requestParameters = { items: [requestParameters], iamInstanceProfile: [] };
    const record = { ...callRecord({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' }) };
    const identified = identifyAction(
      { ...record, requestParameters: requestParameters as JsonObject },
      tables,
    );
    expect(identified).toMatchObject({ mapping: 'exact' });
  });

  test('reads no name of more than 128 characters', () => {
    const eventName = 'CreateUser'.repeat(200_000);
    const started = performance.now();
    expect(identifyAction(callRecord({ eventSource: 'iam.amazonaws.com', eventName }), tables).mapping).toBe(
      'unknown',
    );
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('a passed role', () => {
  test.each(passedRoles)('$name', ({ event, passesRole }) => {
    const identified = identifyAction(callRecord(event), tables);
    expect(identified.actions.at(-1)?.id === 'iam:PassRole').toBe(passesRole);
    expect(identified.actions.length).toBe(passesRole ? 2 : 1);
  });
});
