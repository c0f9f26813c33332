import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { type EnrichedEvent, type EnrichmentContext, enrich } from '../../src/enrichment/enrich.ts';
import { stringifyEnrichment } from '../../src/enrichment/stringify-enrichment.ts';
import { parseRecordText } from '../../src/event/parse-record.ts';

const files = globSync('examples/**/*.ndjson');
const lines = files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));

function answerTo(line: string, context: EnrichmentContext): EnrichedEvent {
  const answer = enrich(parseRecordText(line), context);
  if (answer instanceof Promise || !answer.ok) throw new Error('no answer');
  return answer;
}

describe('the text of an answer is that of JSON.stringify', () => {
  test('for every event of the examples, the first time and again', () => {
    const { enrichment } = createContext(loadConfig({}));
    expect(lines.length).toBeGreaterThan(200);
    for (const line of [...lines, ...lines]) {
      const answer = answerTo(line, enrichment);
      expect(stringifyEnrichment(answer)).toBe(JSON.stringify(answer.enrichment));
    }
  });

  test('of another version of the tables, with other weights, nothing is taken over', () => {
    const { enrichment } = createContext(loadConfig({}));
    const { tables } = enrichment.knowledge;
    const [line = ''] = lines;
    const before = answerTo(line, enrichment);
    stringifyEnrichment(before);
    const weights = Object.fromEntries(
      Object.entries(tables.riskWeights).map(([id, weight]) => [id, weight + 1]),
    ) as typeof tables.riskWeights;
    const others = Object.assign(Object.create(tables), { version: '1999-01-01', riskWeights: weights });
    enrichment.knowledge = { ...enrichment.knowledge, tables: others };
    const after = answerTo(line, enrichment);
    expect(stringifyEnrichment(after)).toBe(JSON.stringify(after.enrichment));
    expect(after.enrichment).toMatchObject({
      tables: '1999-01-01',
      risk: { score: before.enrichment.risk.score + 1 },
    });
  });

  test('calls of one kind differ by their outcome alone, and share the rest', () => {
    const { enrichment } = createContext(loadConfig({}));
    const call = { eventSource: 's3.amazonaws.com', eventName: 'ListBuckets', awsRegion: 'eu-west-1' };
    const answers = [call, { ...call, errorCode: 'AccessDenied' }, call]
      .map((record) => answerTo(JSON.stringify(record), enrichment))
      .map((answer) => answer.enrichment);
    expect(answers.map((answer) => answer.action.outcome)).toEqual(['success', 'denied', 'success']);
    expect(answers[2]?.action).toBe(answers[0]?.action);
    expect(answers[2]?.risk).toBe(answers[0]?.risk);
  });

  test('of one credential, however its uses differ from one to the next', () => {
    const { enrichment } = createContext(loadConfig({}));
    const issuer = issuanceAt('2026-11-20T08:00:00Z', 'ASIAEXAMPLEPARENT001', 'ASIAEXAMPLECHILD0001');
    const uses = [
      {},
      { eventTime: '2026-11-20T08:20:00Z' },
      { sourceIPAddress: '203.0.113.9' },
      { sourceIPAddress: '203.0.113.9', eventTime: '2026-11-20T09:30:00Z' },
      { eventTime: '2026-11-20T09:03:00Z' },
      { userAgent: 'curl/8.5.0' },
      { vpcEndpointId: 'vpce-0example' },
      { errorCode: 'AccessDenied' },
      {},
    ];
    // The second time all is known, and then the chain becomes longer by the parent's own issuance.
    const parent = issuanceAt('2026-11-20T07:30:00Z', 'AKIAEXAMPLECIBOT0009', 'ASIAEXAMPLEPARENT001');
    const events = [issuer, ...uses.map(useWith), ...uses.map(useWith), parent, ...uses.map(useWith)];
    const texts = events.map((event) => {
      const answer = answerTo(JSON.stringify(event), enrichment);
      const text = stringifyEnrichment(answer);
      expect(text).toBe(JSON.stringify(answer.enrichment));
      return text;
    });
    expect(new Set(texts).size).toBeGreaterThan(uses.length);
    expect(JSON.parse(texts.at(-1) ?? '').origin).toMatchObject({ status: 'found', chain_depth: 2 });
  });

  test('of what has no caller: an insight, an aggregate, a digest, a service of its own accord', () => {
    const { enrichment } = createContext(loadConfig({}));
    const insight = {
      eventType: 'AwsCloudTrailInsight',
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
    };
    const digest = { digestS3Object: 'AWSLogs/digest.json.gz', digestStartTime: '2026-11-20T07:00:00Z' };
    const aggregated = { eventType: 'AwsAggregatedEvent', eventSource: 's3.amazonaws.com', eventId: 'e' };
    const service = {
      ...useWith({}),
      userIdentity: { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' },
    };
    for (const event of [insight, aggregated, digest, service]) {
      const answer = answerTo(JSON.stringify(event), enrichment);
      expect(stringifyEnrichment(answer)).toBe(JSON.stringify(answer.enrichment));
    }
  });

  test('of a first use, whoever asked for the credential and from where, and whatever they are called', () => {
    const { enrichment } = createContext(loadConfig({}));
    const NAMES = ['user/alice', 'user/"quoted"', 'user/\\path\nnext', 'user/\u00e9\u{1f511}', undefined];
    const ADDRESSES = ['198.51.100.23', '2001:db8::1', 'AWS Internal', 'lambda.amazonaws.com', '', undefined];
    const VPC_ENDPOINTS = ['vpce-0example', undefined];
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            arn: fc.constantFrom(...NAMES),
            accessKeyId: fc.constantFrom('AKIAEXAMPLECIBOT0009', undefined),
            sourceIPAddress: fc.constantFrom(...ADDRESSES),
            vpcEndpointId: fc.constantFrom(...VPC_ENDPOINTS),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        fc.integer({ min: 0, max: 1e9 }),
        (requests, first) => {
          requests.forEach(({ arn, accessKeyId, ...from }, i) => {
            const key = `ASIAEXAMPLE${String(first + i).padStart(9, '0')}`;
            const issuance = {
              ...issuanceAt('2026-11-20T08:00:00Z', 'AKIAEXAMPLECIBOT0009', key),
              ...from,
              userIdentity: { type: 'IAMUser', arn, accessKeyId, accountId: '111122223333' },
            };
            answerTo(JSON.stringify(issuance), enrichment);
            const answer = answerTo(JSON.stringify(usedWith(key)), enrichment);
            expect(answer.enrichment.origin?.status).toBe('found');
            expect(stringifyEnrichment(answer)).toBe(JSON.stringify(answer.enrichment));
          });
        },
      ),
    );
  });
});

function usedWith(accessKeyId: string): object {
  const use = useWith({}) as { userIdentity: object };
  return { ...use, userIdentity: { ...use.userIdentity, accessKeyId } };
}

function issuanceAt(eventTime: string, by: string, accessKeyId: string): object {
  return {
    ...useWith({ eventTime }),
    eventID: `issued-${accessKeyId}`,
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: { type: by.startsWith('AKIA') ? 'IAMUser' : 'AssumedRole', accessKeyId: by },
    responseElements: {
      credentials: { accessKeyId, expiration: '2026-11-20T09:00:00Z' },
      assumedRoleUser: {
        assumedRoleId: 'AROAEXAMPLEDEPLOY0001:build',
        arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/build',
      },
    },
  };
}

function useWith(changed: object): object {
  return {
    eventTime: '2026-11-20T08:10:00Z',
    eventID: JSON.stringify(changed),
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '198.51.100.23',
    userAgent: 'aws-cli/2.15.0',
    recipientAccountId: '111122223333',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLEDEPLOY0001:build',
      arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/build',
      accountId: '111122223333',
      accessKeyId: 'ASIAEXAMPLECHILD0001',
      sessionContext: { attributes: { creationDate: '2026-11-20T08:00:00Z' } },
    },
    ...changed,
  };
}
