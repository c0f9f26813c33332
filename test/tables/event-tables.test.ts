import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import eventActions from '../../data/curated/event-actions.json' with { type: 'json' };
import eventHosts from '../../data/curated/event-hosts.json' with { type: 'json' };
import passedRoles from '../../data/curated/passed-roles.json' with { type: 'json' };
import policyEvents from '../../data/curated/policy-events.json' with { type: 'json' };
import notPassed from '../../data/curated/role-parameters-not-passed.json' with { type: 'json' };
import unmapped from '../../data/curated/unmapped-operations.json' with { type: 'json' };
import sdkActions from '../../data/generated/sdk-actions.json' with { type: 'json' };
import { withoutApiVersion } from '../../src/tables/call-name.ts';
import { TableSchemas } from '../../src/tables/table-schemas.ts';
import { tables } from '../shipped-tables.ts';

const data = fileURLToPath(new URL('../../data', import.meta.url));

/** Names that stand in rule sets and real records, and in no reference: calls of consoles, and of retired services. */
const UNDOCUMENTED = [
  'cloudshell:DeleteSession',
  'cloudshell:GetFileDownloadUrl',
  'cloudshell:GetFileUploadUrl',
  'cloudshell:SendHeartBeat',
  'cloudtrail:EnableRegion',
  'discovery-marketplace:GetListingView',
  'elasticache:AuthorizeCacheSecurityGroupEgress',
  'elasticache:RevokeCacheSecurityGroupEgress',
  'iam:EmailUpdated',
  'logs:GetLogObject',
  'macie:DisassociateMemberAccount',
  'macie:DisassociateS3Resources',
  'macie:UpdateMacieSession',
  'resource-explorer-2:ListResources',
  'route53:DisableDomainTransferLock',
  'route53:TransferDomainToAnotherAwsAccount',
  's3-object-lambda:GetObjectAttributes',
  'sso-directory:UpdateMfaDeviceManagementForDirectory',
  'sso:DeletePermissionsPolicy',
  'sso:DeleteSSO',
  'sso:EnableSSO',
];

describe('the tables of events', () => {
  test.each(['role-parameters-not-passed', 'unmapped-operations'])(
    '%s is as its schema says, although only scripts read it',
    (table) => {
      expect(() => new TableSchemas(data).read('curated', table)).not.toThrow();
    },
  );

  test('name each event of a service once', () => {
    const keys = eventActions.flatMap(({ service, events }) =>
      events.map((event) => `${service}:${event}`.toLowerCase()),
    );
    expect(repeated(keys)).toEqual([]);
  });

  test('name calls that carry a policy without a version of the API', () => {
    const names = policyEvents.flatMap(({ events }) => events);
    expect(names.filter((name) => withoutApiVersion(name) !== name)).toEqual([]);
  });

  test('hold no event that its exact name would tell as well', () => {
    const needless = eventActions.filter(({ service, events, actions, ...row }) => {
      const [only] = actions;
      return (
        actions.length === 1 && !('cases' in row) && events.every((event) => only === `${service}:${event}`)
      );
    });
    expect(needless).toEqual([]);
  });

  test('name each host once, and only where its first label is not the whole truth', () => {
    expect(repeated(eventHosts.map(({ host }) => host))).toEqual([]);
    expect(
      eventHosts.filter(
        ({ host, prefixes }) =>
          prefixes.length === 1 && prefixes[0] === host && tables.actions.hasService(host),
      ),
    ).toEqual([]);
  });

  test('point to prefixes that exist, or that have no IAM actions at all', () => {
    const missing = eventHosts
      .flatMap(({ prefixes }) => prefixes)
      .filter((prefix) => !tables.actions.hasService(prefix));
    const withoutActions = new Set(
      eventActions.filter(({ actions }) => actions.length === 0).map(({ service }) => service),
    );
    expect(missing.filter((prefix) => !withoutActions.has(prefix))).toEqual([]);
  });

  test('name no parameter both as passing a role and as passing none, but for the one exception in IAM', () => {
    const none = new Set(notPassed.map(({ service, parameter }) => `${service} ${parameter}`));
    const both = passedRoles.flatMap(({ service, paths }) =>
      paths.filter((path) => none.has(`${service} ${path}`) || none.has(`* ${path}`)),
    );
    expect(both).toEqual(['roleName']);
  });

  test('tell the action of every call that ATT&CK was decided for, but for those that AWS documents nowhere', () => {
    const unknown = [...tables.threats.decided()]
      .filter(([eventSource, eventName]) => {
        const { rule, notAnApiCall } = tables.eventRules.find(eventSource, eventName);
        return rule === undefined && notAnApiCall === undefined;
      })
      .map(([eventSource, eventName]) => `${eventSource.replace('.amazonaws.com', '')}:${eventName}`);
    expect(unknown.sort()).toEqual(UNDOCUMENTED);
  });

  test('have no SDK action that the reference lists, and no unmapped operation that is mapped', () => {
    expect(
      sdkActions.filter(([service = '', name = '']) => tables.actions.find(service, name) !== undefined),
    ).toEqual([]);
    const mapped = unmapped.flatMap(({ eventSource, events }) =>
      events.filter((event) => tables.eventRules.find(eventSource, event).rule !== undefined),
    );
    expect(mapped).toEqual([]);
  });
});

function repeated(keys: readonly string[]): string[] {
  return keys.filter((key, index) => keys.indexOf(key) !== index);
}
