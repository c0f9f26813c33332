import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { corpusLines, hasCorpora } from '../corpora.ts';

const EXAMPLES = new URL('../../examples/scenarios/', import.meta.url);
const DATA = new URL('../../data/', import.meta.url);

/** Records to begin with, as text: of the scenarios, of the corpora where these are there, and made by fast-check. */
export function eventPool(seed: number, generated: number): string[] {
  const scenarios = readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => readFileSync(new URL(name, EXAMPLES), 'utf8').trim().split('\n'));
  const made = fc
    .sample(eventArbitrary(), { seed, numRuns: generated })
    .map((event) => JSON.stringify(event));
  return [
    ...scenarios,
    ...(hasCorpora ? corpusLines().filter((line) => line.length < 100_000) : []),
    ...made,
  ];
}

/** An event of one of the calls that some table knows, with fields that are right, wrong, or anything. */
function eventArbitrary(): fc.Arbitrary<unknown> {
  const rows = JSON.parse(readFileSync(new URL('curated/policy-events.json', DATA), 'utf8')) as {
    eventSource: string;
    events: string[];
  }[];
  const calls = rows.flatMap(({ eventSource, events }) => events.map((name) => [eventSource, name] as const));
  const known = [...calls, ...CALLS];
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...TEXTS));
  const anything = fc.anything({
    maxDepth: 4,
    withNullPrototype: false,
    values: [text, fc.double(), fc.boolean()],
  });
  const parameters = fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(text, anything), { maxKeys: 12 });
  return fc
    .record(
      {
        call: fc.constantFrom(...known),
        eventTime: fc.oneof(fc.constantFrom('2026-11-24T10:00:00Z', '2026-11-24'), text),
        eventType: fc.constantFrom('AwsApiCall', 'AwsServiceEvent', 'AwsConsoleSignIn', 'AwsVpceEvent', 'x'),
        userIdentity: fc.oneof(parameters, anything),
        requestParameters: fc.oneof(parameters, anything),
        responseElements: fc.oneof(parameters, anything),
        additionalEventData: anything,
        sourceIPAddress: text,
        errorCode: text,
        resources: anything,
      },
      { requiredKeys: ['call'] },
    )
    .map(({ call: [eventSource, eventName], ...event }) => ({ eventSource, eventName, ...event }));
}

const CALLS: readonly (readonly [eventSource: string, eventName: string])[] = [
  ['sts.amazonaws.com', 'AssumeRole'],
  ['sts.amazonaws.com', 'AssumeRoleWithSAML'],
  ['sts.amazonaws.com', 'GetSessionToken'],
  ['iam.amazonaws.com', 'CreateAccessKey'],
  ['iam.amazonaws.com', 'AttachUserPolicy'],
  ['iam.amazonaws.com', 'PutRolePolicy'],
  ['iam.amazonaws.com', 'CreatePolicyVersion'],
  ['iam.amazonaws.com', 'AddUserToGroup'],
  ['s3.amazonaws.com', 'PutBucketPolicy'],
  ['signin.amazonaws.com', 'ConsoleLogin'],
  ['ec2.amazonaws.com', 'RunInstances'],
  ['nothing.amazonaws.com', 'Nothing'],
];

const KEYS = [
  'accessKeyId',
  'arn',
  'accountId',
  'principalId',
  'type',
  'userName',
  'roleName',
  'roleArn',
  'groupName',
  'policyArn',
  'policyName',
  'policyDocument',
  'bucketPolicy',
  'sessionContext',
  'sessionIssuer',
  'attributes',
  'credentials',
  'assumedRoleUser',
  'expiration',
  'invokedBy',
  '__proto__',
  'constructor',
];

const TEXTS = [
  'arn:aws:iam::111122223333:user/alice',
  'arn:aws:sts::111122223333:assumed-role/Deploy/x',
  'arn:aws:iam::aws:policy/AdministratorAccess',
  'ASIAIOSFODNN7EXAMPLE',
  'AKIAIOSFODNN7EXAMPLE',
  'AROAEXAMPLE:x',
  '111122223333',
  '192.0.2.1',
  'AWS Internal',
  'AccessDenied',
  'Nov 24, 2026, 11:00:00 AM',
  '{"Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}',
  '{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}',
];
