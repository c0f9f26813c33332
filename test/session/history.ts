import fc from 'fast-check';
import type { JsonObject } from '../../src/event/json.ts';

/**
 * Histories of a small world, so that things meet: two accounts, three users, four roles, few addresses and seconds.
 * Each principal's session names carry its own name, which lets a test see whose events an answer tells of.
 */
const ACCOUNTS = ['111122223333', '444455556666'] as const;
const USERS = ['alice', 'bob', 'carol'] as const;
const ROLES = ['Deploy', 'Admin', 'Audit', 'Build'] as const;
const ADDRESSES = [
  '203.0.113.10',
  '203.0.113.77',
  '198.51.100.200',
  '10.0.0.5',
  '10.0.9.9',
  '2001:db8:1::5',
  '2001:db8:3::5',
];
const CLIENTS = ['aws-cli/2.15.0', 'Boto3/1.26', 'Mozilla/5.0'];
const START = Date.parse('2026-11-24T08:00:00Z');

interface Issue {
  readonly user: number;
  /** The issue, of those before, whose credentials ask for this one; none for the user's own key. */
  readonly parent: number;
  readonly role: number;
  readonly account: number;
  readonly second: number;
  readonly address: number;
  readonly uses: readonly {
    after: number;
    address: number;
    client: number;
    console: boolean;
    other: boolean;
  }[];
  readonly isTwice: boolean;
  /** Claims the key of the issue before, as a forger or a broken copy would. */
  readonly isClash: boolean;
}

const USE = fc.record({
  after: fc.integer({ min: -4, max: 4000 }),
  address: fc.nat(ADDRESSES.length - 1),
  client: fc.nat(CLIENTS.length - 1),
  console: fc.boolean(),
  other: fc.boolean(),
});

const ISSUE: fc.Arbitrary<Issue> = fc.record({
  user: fc.nat(USERS.length - 1),
  parent: fc.integer({ min: -3, max: 5 }),
  role: fc.nat(ROLES.length - 1),
  account: fc.nat(ACCOUNTS.length - 1),
  second: fc.nat(5),
  address: fc.nat(ADDRESSES.length - 1),
  uses: fc.array(USE, { maxLength: 3 }),
  isTwice: fc.boolean(),
  isClash: fc.nat(9).map((n) => n === 0),
});

export interface History {
  readonly events: readonly JsonObject[];
  /** The user at the beginning of each event's chain, by eventID. */
  readonly owners: ReadonlyMap<string, string>;
}

export const HISTORY: fc.Arbitrary<History> = fc.array(ISSUE, { minLength: 1, maxLength: 6 }).map(historyOf);

interface Credential {
  readonly owner: string;
  readonly identity: JsonObject;
  readonly account: string;
}

function historyOf(issues: readonly Issue[]): History {
  const events: JsonObject[] = [];
  const owners = new Map<string, string>();
  const made: Credential[] = [];
  issues.forEach((issue, i) => {
    const asker = made[issue.parent] ?? userCredential(issue.user);
    const credential = roleCredential(issue, i, asker);
    made.push(credential);
    const add = (event: JsonObject): void => {
      events.push(event);
      owners.set(String(event['eventID']), asker.owner);
    };
    for (const event of issuances(issue, i, asker, credential)) add(event);
    issue.uses.forEach((use, u) => {
      add(useOf(use, `use-${i}-${u}`, credential, START + issue.second * 1000));
    });
  });
  return { events, owners };
}

function userCredential(index: number): Credential {
  const name = USERS[index] ?? 'alice';
  const identity = {
    type: 'IAMUser',
    principalId: `AIDAEXAMPLE${name.toUpperCase()}`,
    arn: `arn:aws:iam::${ACCOUNTS[0]}:user/${name}`,
    accountId: ACCOUNTS[0],
    accessKeyId: `AKIAEXAMPLEKEY${name.toUpperCase()}`,
    userName: name,
  };
  return { owner: name, identity, account: ACCOUNTS[0] };
}

function roleCredential(issue: Issue, i: number, asker: Credential): Credential {
  const role = ROLES[issue.role] ?? 'Deploy';
  const account = ACCOUNTS[issue.account] ?? ACCOUNTS[0];
  const identity = {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE${role.toUpperCase()}:${asker.owner}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${asker.owner}`,
    accountId: account,
    accessKeyId: `ASIAEXAMPLE0000000${String(issue.isClash && i > 0 ? i - 1 : i).padStart(2, '0')}`,
    sessionContext: {
      attributes: { creationDate: iso(START + issue.second * 1000), mfaAuthenticated: 'false' },
    },
  };
  return { owner: asker.owner, identity, account };
}

function issuances(issue: Issue, i: number, asker: Credential, made: Credential): JsonObject[] {
  const isCross = asker.account !== made.account;
  const common = {
    eventTime: iso(START + issue.second * 1000),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    sourceIPAddress: ADDRESSES[issue.address],
    userAgent: 'aws-cli/2.15.0',
    ...(isCross && { sharedEventID: `shared-${i}` }),
    requestParameters: { roleArn: `arn:aws:iam::${made.account}:role/x`, roleSessionName: asker.owner },
    responseElements: {
      credentials: { accessKeyId: made.identity['accessKeyId'], expiration: 'Nov 24, 2026, 9:00:00 AM' },
      assumedRoleUser: { assumedRoleId: made.identity['principalId'], arn: made.identity['arn'] },
    },
  };
  const own = {
    ...common,
    eventID: `issue-${i}`,
    userIdentity: asker.identity,
    recipientAccountId: asker.account,
  };
  const outside = {
    type: 'AWSAccount',
    principalId: asker.identity['principalId'],
    accountId: asker.account,
  };
  const twin = { ...common, eventID: `twin-${i}`, userIdentity: outside, recipientAccountId: made.account };
  return [own, ...(isCross ? [twin] : []), ...(issue.isTwice ? [own] : [])];
}

function useOf(use: Issue['uses'][number], id: string, made: Credential, issued: number): JsonObject {
  const identity = use.other
    ? { ...made.identity, accessKeyId: `ASIAEXAMPLEOTHER${id.replaceAll('-', '').toUpperCase()}` }
    : made.identity;
  return {
    eventTime: iso(issued + use.after * 1000),
    eventID: id,
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    sourceIPAddress: ADDRESSES[use.address],
    userAgent: CLIENTS[use.client],
    userIdentity: identity,
    recipientAccountId: made.account,
    ...(use.console && { sessionCredentialFromConsole: 'true' }),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
