import { describe, expect, test } from 'vitest';
import { AnalyzedDocuments, type DocumentPlace } from '../../src/policy/analyzed-documents.ts';
import { PolicyAnalyzer } from '../../src/policy/policy-analyzer.ts';
import { tables } from '../shipped-tables.ts';

const analyzer = new PolicyAnalyzer(tables);
const path = 'requestParameters.policyDocument';

/** Counts what is really analysed. */
function counted() {
  const places: DocumentPlace[] = [];
  const documents = new AnalyzedDocuments((document, place) => {
    places.push(place);
    return analyzer.analyze(document, place.kind, { account: place.account, path: place.path });
  });
  return { documents, places };
}

const admin = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const trust = JSON.stringify({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '111122223333' } }],
});

describe('what remembers the documents of events', () => {
  test('analyses a text once, and answers the same of it again', () => {
    const { documents, places } = counted();
    const first = documents.of({ value: admin, path }, 'identity', '111122223333');
    expect(first.summary?.analysis.admin).toBe(true);
    expect(documents.of({ value: `${admin}`, path }, 'identity', '111122223333')).toEqual(first);
    expect(places).toHaveLength(1);
  });

  test.each([
    ['kind', { kind: 'trust', account: '111122223333', path }],
    ['account', { kind: 'resource', account: '444455556666', path }],
    ['place', { kind: 'resource', account: '111122223333', path: 'requestParameters.policy' }],
  ] as const)('analyses the same text anew for another %s', (_what, place) => {
    const { documents, places } = counted();
    documents.of({ value: trust, path }, 'resource', '111122223333');
    const other = documents.of({ value: trust, path: place.path }, place.kind, place.account);
    expect(places).toEqual([{ kind: 'resource', account: '111122223333', path }, place]);
    const alone = counted().documents.of({ value: trust, path: place.path }, place.kind, place.account);
    expect(other).toEqual(alone);
  });

  test('tells an own account from a foreign one, whichever came first', () => {
    const { documents } = counted();
    const externalOf = (account: string) =>
      documents.of({ value: trust, path }, 'trust', account).summary?.analysis.externalAccounts;
    for (let time = 0; time < 2; time++) {
      expect(externalOf('111122223333')).toEqual([]);
      expect(externalOf('444455556666')).toHaveLength(1);
    }
  });

  test.each([
    ['text that is none', 'no json', ['policy_not_json']],
    ['nothing', '', []],
    [
      'an object, which is read each time',
      { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      [],
    ],
  ])('answers %s', (_what, value, codes) => {
    const { documents } = counted();
    for (let time = 0; time < 2; time++) {
      const { problems } = documents.of({ value, path }, 'identity', undefined);
      expect(problems.map(({ code }) => code)).toEqual(codes);
    }
  });

  test('remembers no text that is longer than any policy', () => {
    const { documents, places } = counted();
    const long = `${admin}${' '.repeat(50_000)}`;
    for (let time = 0; time < 2; time++) documents.of({ value: long, path }, 'identity', undefined);
    expect(places).toHaveLength(2);
  });

  test('keeps within its bound, whatever comes', () => {
    const { documents, places } = counted();
    const text = (i: number) => `${admin}${' '.repeat(i)}`;
    for (let i = 0; i < 3000; i++) documents.of({ value: text(i), path }, 'identity', undefined);
    expect(places).toHaveLength(3000);
    documents.of({ value: text(0), path }, 'identity', undefined);
    documents.of({ value: text(2999), path }, 'identity', undefined);
    expect(places).toHaveLength(3001);
  });
});
