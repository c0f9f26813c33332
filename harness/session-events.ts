import type { CloudTrailRecord } from '../src/event/cloudtrail-record.ts';
import type { JsonObject } from '../src/event/json.ts';
import { parseRecord } from '../src/event/parse-record.ts';
import type { SourceKnowledge } from '../src/session/source-question.ts';

export interface Sessions {
  readonly sessions: number;
  /** Uses of each. */
  readonly uses: number;
  /** The share of sessions whose issuance was not recorded. */
  readonly unissued: number;
  /** Every so many sessions ask with the credentials of the one before: a chain. */
  readonly chained?: number;
  /** The number of the first session. */
  readonly first?: number;
}

/** What a clock says that stands. */
export const NOW = Date.parse('2026-11-24T12:00:00Z');

/** Of a service without a table of networks, whose operator names nothing as his own. */
export const NO_KNOWLEDGE: SourceKnowledge = {
  networks: undefined,
  allowedNetworks: undefined,
  endpointAccounts: new Set(),
};

const START = Date.parse('2026-11-24T08:00:00Z');
const CLIENT = 'aws-cli/2.15.0 md/awscrt#0.19.19 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11';
const CALLS = [
  ['s3.amazonaws.com', 'ListBuckets'],
  ['ec2.amazonaws.com', 'DescribeInstances'],
  ['iam.amazonaws.com', 'ListUsers'],
  ['kms.amazonaws.com', 'Decrypt'],
] as const;

/** Events of many role sessions in the order in which they happened: each asked for by a user, and used some times. */
export function sessionEvents(world: Sessions): JsonObject[] {
  const { sessions, uses, unissued, chained = 0, first = 0 } = world;
  const events: JsonObject[] = [];
  for (let i = first; i < first + sessions; i++) {
    const isChained = chained > 0 && i > first && i % chained !== 0;
    const asker = isChained ? holderOf(i - 1) : userOf(i);
    if (i >= first + sessions * unissued) events.push(issuanceOf(i, asker));
    for (let use = 0; use < uses; use++) events.push(useOf(i, use));
  }
  return events;
}

export function keyOf(i: number): string {
  return `ASIAEXAMPLE${String(i).padStart(9, '0')}`;
}

/** The user who asks for a session. */
export function userOf(i: number): JsonObject {
  const user = `user-${i % 100}`;
  return {
    type: 'IAMUser',
    principalId: `AIDAEXAMPLE${user}`,
    arn: `arn:aws:iam::111122223333:user/${user}`,
    accountId: '111122223333',
    accessKeyId: `AKIAEXAMPLE${String(i % 100).padStart(9, '0')}`,
    userName: user,
  };
}

function holderOf(i: number): JsonObject {
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLEDEPLOY0001:session-${i}`,
    arn: `arn:aws:sts::111122223333:assumed-role/Deploy/session-${i}`,
    accountId: '111122223333',
    accessKeyId: keyOf(i),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLEDEPLOY0001',
        arn: 'arn:aws:iam::111122223333:role/Deploy',
        accountId: '111122223333',
        userName: 'Deploy',
      },
      attributes: { creationDate: iso(timeOf(i)), mfaAuthenticated: 'false' },
    },
  };
}

export function issuanceOf(i: number, userIdentity: JsonObject): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity,
    eventTime: iso(timeOf(i)),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: 'eu-west-1',
    sourceIPAddress: addressOf(i),
    userAgent: CLIENT,
    requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Deploy', roleSessionName: `session-${i}` },
    responseElements: {
      credentials: { accessKeyId: keyOf(i), expiration: iso(timeOf(i) + 3_600_000) },
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLEDEPLOY0001:session-${i}`,
        arn: `arn:aws:sts::111122223333:assumed-role/Deploy/session-${i}`,
      },
    },
    eventID: idOf('a', i, 0),
    recipientAccountId: '111122223333',
  };
}

export function useOf(i: number, use: number): JsonObject {
  const [eventSource, eventName] = CALLS[use % CALLS.length] ?? CALLS[0];
  return {
    eventVersion: '1.11',
    userIdentity: holderOf(i),
    eventTime: iso(timeOf(i) + (use + 1) * 60_000),
    eventSource,
    eventName,
    awsRegion: 'eu-west-1',
    sourceIPAddress: addressOf(use % 5 === 4 ? i + 17 : i),
    userAgent: CLIENT,
    requestParameters: null,
    responseElements: null,
    eventID: idOf('b', i, use),
    readOnly: true,
    recipientAccountId: '111122223333',
  };
}

export function recordOf(source: JsonObject): CloudTrailRecord {
  const parsed = parseRecord(source);
  if (!parsed.ok) throw new Error(`not a record: ${parsed.refusal.code}`);
  return parsed.record;
}

/** A session a second, and after some hours again: none is in the future. */
function timeOf(i: number): number {
  return START + (i % 20_000) * 1000;
}

function addressOf(i: number): string {
  return `198.51.100.${i % 256}`;
}

function idOf(letter: string, i: number, use: number): string {
  return `${letter.repeat(8)}-0000-4000-8000-${String(i).padStart(8, '0')}${String(use).padStart(4, '0')}`;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
