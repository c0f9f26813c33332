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

  test('names the service of an unknown call where the host tells it', () => {
    const record = callRecord({ eventSource: 'monitoring.amazonaws.com', eventName: 'NoSuchCall' });
    expect(identifyAction(record, tables)).toMatchObject({
      mapping: 'unknown',
      service: 'cloudwatch',
      actions: [],
    });
  });

  test('knows a new action by its exact name as soon as the table of actions holds it', () => {
    const actions = new ActionTable([
      ['iam', 'PassRole', 'Write', []],
      ['newservice', 'DoSomethingNew', 'Write', []],
    ]);
    const rows = { hosts: [], actions: [], verbs: [], passedRoles: [], sdkActions: [], nonApiEvents: [] };
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
