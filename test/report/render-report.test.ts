import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/event/json.ts';
import { escapeHtml } from '../../src/report/html.ts';
import type { ReportedEvent } from '../../src/report/report-data.ts';
import { TimeBins } from '../../src/report/time-bins.ts';
import { TopList } from '../../src/report/top-list.ts';
import { deny, policy } from '../policy/analyzer.ts';
import { newService } from '../scenarios/new-service.ts';
import { eventOf, manyEvents, reportOf, scenarioEvents } from './events.ts';

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>]]></style></svg>\u202e&\u0000';

const ATTACHES = {
  eventSource: 'iam.amazonaws.com',
  eventName: 'AttachUserPolicy',
  requestParameters: { userName: 'admin', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
};

const user = (userName: string, accessKeyId: string): JsonObject => ({
  type: 'IAMUser',
  arn: `arn:aws:iam::111122223333:user/${userName}`,
  userName,
  accessKeyId,
});

/** Of one service, one after the other; nine o'clock and one address where a record says no other. */
async function answered(records: readonly JsonObject[]): Promise<readonly ReportedEvent[]> {
  const ask = newService();
  const events: ReportedEvent[] = [];
  for (const [number, record] of records.entries()) {
    const whole = {
      eventVersion: '1.11',
      eventID: `event-${number}`,
      eventTime: '2026-11-17T09:00:00Z',
      eventType: 'AwsApiCall',
      recipientAccountId: '111122223333',
      sourceIPAddress: '192.0.2.1',
      ...record,
    };
    events.push(eventOf(whole, await ask(JSON.stringify(whole))));
  }
  return events;
}

/** Of the body of the table with this name. */
function rowsOf(page: string, table: string): readonly string[] {
  const [body = ''] = page.split(`aria-label="${table}"`)[1]?.split('</table>') ?? [];
  return body.split('<tr>').slice(2);
}

/** An event in which everything that a caller can name is hostile. */
async function hostileEvents(): Promise<readonly ReportedEvent[]> {
  const ask = newService();
  const arn = `arn:aws:sts::111122223333:assumed-role/${HOSTILE}/${HOSTILE}`;
  const user = {
    type: 'IAMUser',
    arn: `arn:aws:iam::111122223333:user/${HOSTILE}`,
    userName: HOSTILE,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  };
  const role = {
    type: 'AssumedRole',
    arn,
    principalId: `AROAEXAMPLE:${HOSTILE}`,
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    sessionContext: { attributes: { creationDate: '2026-11-17T09:00:00Z' } },
  };
  const base = {
    eventVersion: '1.11',
    eventType: 'AwsApiCall',
    awsRegion: HOSTILE,
    userAgent: HOSTILE,
    recipientAccountId: HOSTILE,
    errorMessage: HOSTILE,
  };
  const records: readonly JsonObject[] = [
    {
      ...base,
      eventID: HOSTILE,
      eventTime: '2026-11-17T09:00:00Z',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      userIdentity: user,
      sourceIPAddress: '192.0.2.1',
      requestParameters: { roleArn: `arn:aws:iam::111122223333:role/${HOSTILE}` },
      responseElements: {
        credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' },
        assumedRoleUser: { arn, assumedRoleId: role.principalId },
      },
    },
    {
      ...base,
      eventID: `${HOSTILE}2`,
      eventTime: '2026-11-17T09:01:00Z',
      eventSource: 'iam.amazonaws.com',
      eventName: 'AttachUserPolicy',
      userIdentity: role,
      sourceIPAddress: '198.51.100.1',
      requestParameters: { userName: HOSTILE, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    },
    {
      ...base,
      eventTime: HOSTILE,
      eventSource: HOSTILE,
      eventName: HOSTILE,
      userIdentity: { type: HOSTILE },
      sourceIPAddress: HOSTILE,
    },
  ];
  return Promise.all(records.map(async (record) => eventOf(record, await ask(JSON.stringify(record)))));
}

describe('the report', () => {
  test('tells of the scenarios: who, through which roles, from where, what policies, and why', async () => {
    const page = reportOf(await scenarioEvents());
    for (const text of [
      'dev-intern',
      'ProdAdmin',
      'different source and client',
      'workload outside aws',
      'T1098.003',
      'lets in 999988887777',
      'The policy allows everything.',
    ]) {
      expect(page).toContain(text);
    }
    expect(page.match(/<svg /g)).toHaveLength(3);
  });

  test('lists policies that shut everyone out, and a Deny that is gone', async () => {
    const events = await answered([
      {
        eventSource: 's3.amazonaws.com',
        eventName: 'PutBucketPolicy',
        requestParameters: {
          bucketName: 'held-to-ransom',
          bucketPolicy: policy(deny('s3:*', 'arn:aws:s3:::held-to-ransom', { Principal: '*' })),
        },
      },
      {
        eventSource: 'iam.amazonaws.com',
        eventName: 'DetachUserPolicy',
        requestParameters: { userName: 'held-back', policyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' },
      },
    ]);
    const page = reportOf(events);
    const section = page.slice(page.indexOf('Policy changes with findings'));
    for (const text of ['held-to-ransom', 'shuts everyone out', 'held-back', 'a Deny is gone'])
      expect(section).toContain(text);
  });

  test.each([
    {
      who: 'a user by the key of another one whose name begins its own',
      names: ['iam::111122223333:user/admin-2', 'iam::111122223333:user/admin'],
      records: [
        {
          userIdentity: user('admin-2', 'AKIAIOSFODNN7EXAMPLE'),
          eventSource: 'iam.amazonaws.com',
          eventName: 'CreateAccessKey',
          requestParameters: { userName: 'admin' },
          responseElements: { accessKey: { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', userName: 'admin' } },
        },
        { userIdentity: user('admin', 'AKIAI44QH8DHBEXAMPLE'), ...ATTACHES },
      ],
    },
    {
      who: 'a session of a role of which no more is known',
      names: ['sts::111122223333:assumed-role/Deploy', 'sts::111122223333:assumed-role/Deploy/one'],
      records: [
        {
          userIdentity: {
            type: 'AssumedRole',
            arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/one',
            accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
          },
          ...ATTACHES,
        },
      ],
    },
    {
      who: 'a user, by no other name,',
      names: ['iam::111122223333:user/admin'],
      records: [{ userIdentity: user('admin', 'AKIAI44QH8DHBEXAMPLE'), ...ATTACHES }],
    },
  ])('names $who at the top: who stands behind a call, and as whom', async ({ names, records }) => {
    const page = reportOf(await answered(records));
    const row = rowsOf(page, 'Top events').find((text) => text.includes('AttachUserPolicy'));
    const shown = [...(row?.matchAll(/title="arn:aws:([^"]*)"/g) ?? [])].map(([, arn]) => arn);
    expect(shown).toEqual(names);
  });

  test('says when credentials were first and last used from elsewhere, in whatever order files are read', async () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/Deploy/one';
    const use = (eventTime: string, awsRegion: string): JsonObject => ({
      userIdentity: { type: 'AssumedRole', arn, accessKeyId: 'ASIAIOSFODNN7EXAMPLE' },
      eventSource: 's3.amazonaws.com',
      eventName: 'ListBuckets',
      sourceIPAddress: '198.51.100.1',
      eventTime,
      awsRegion,
    });
    const [issuance, ...uses] = await answered([
      {
        userIdentity: user('dev', 'AKIAIOSFODNN7EXAMPLE'),
        eventSource: 'sts.amazonaws.com',
        eventName: 'AssumeRole',
        sourceIPAddress: '192.0.2.1',
        requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Deploy' },
        responseElements: {
          credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' },
          assumedRoleUser: { arn, assumedRoleId: 'AROAEXAMPLE:one' },
        },
      },
      use('2026-11-17T09:50:00Z', 'us-east-1'),
      use('2026-11-17T09:20:00Z', 'eu-west-1'),
    ]);
    for (const inOrder of [uses, uses.toReversed()]) {
      const [row] = rowsOf(reportOf([issuance as ReportedEvent, ...inOrder]), 'Used from elsewhere');
      expect(row?.match(/\d\d:\d\d:\d\d/g)).toEqual(['09:20:00', '09:50:00']);
    }
  });

  test('needs nothing but itself: no script, no address to fetch, no style from elsewhere', async () => {
    const page = reportOf(await scenarioEvents());
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|javascript:/i);
    const outward = [...page.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map((match) => match[1] ?? '');
    expect(outward.filter((href) => !href.startsWith('https://attack.mitre.org/techniques/'))).toEqual([]);
  });

  test('escapes whatever an event says, in the text and in the charts', async () => {
    const page = reportOf(await hostileEvents());
    expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(page.includes('\u0000') || page.includes('\u202e')).toBe(false);
    expect(page).toContain('&lt;script&gt;');
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });

  test('says so where there is nothing', async () => {
    const page = reportOf([]);
    expect(page).toContain('No event has a time.');
    expect(page).not.toContain('<svg');
  });

  test('stays small and quick, and bounded, with ten thousand events of as many principals', async () => {
    const events = await manyEvents(10_000);
    const start = performance.now();
    const page = reportOf(events);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(page.length).toBeLessThan(1_000_000);
  });
});

describe('the parts of the report', () => {
  test('leave no character of a text that HTML would read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  test('count every event in at most 160 bins, whatever the span', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { maxLength: 200 }), (times) => {
        const bins = new TimeBins();
        for (const time of times) bins.add(time, 'low');
        const made = bins.bins();
        expect(made.length).toBeLessThanOrEqual(160);
        expect(made.reduce((sum, bin) => sum + bin.low, 0)).toBe(times.length);
      }),
    );
  });

  test('keep the first of many in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const top = new TopList<number>(7, (a, b) => b - a);
        for (const one of numbers) top.add(one);
        expect(top.sorted()).toEqual(numbers.toSorted((a, b) => b - a).slice(0, 7));
      }),
    );
  });
});
