import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { enrich } from '../../src/enrichment/enrich.ts';
import { parseRecordText } from '../../src/event/parse-record.ts';

const { enrichment } = createContext(loadConfig({}));

function relatedIp(sourceIPAddress: string): readonly string[] | undefined {
  const event = { eventSource: 's3.amazonaws.com', eventName: 'ListBuckets', sourceIPAddress };
  const answer = enrich(parseRecordText(JSON.stringify(event)), enrichment);
  if (answer instanceof Promise || !answer.ok) throw new Error('no answer');
  return answer.enrichment.related?.ip;
}

const number = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map(String),
  fc.constantFrom('', '00', '01', '1e1', ' 1'),
);
const nearlyV4 = fc.array(number, { minLength: 1, maxLength: 6 }).map((numbers) => numbers.join('.'));

describe('related.ip', () => {
  test('holds what node:net takes for an address without a zone, and nothing else', () => {
    const addresses = fc.oneof(nearlyV4, fc.ipV4(), fc.ipV6(), fc.domain(), fc.string());
    fc.assert(
      fc.property(addresses, (address) => {
        expect(relatedIp(address)).toEqual(isIP(address) === 0 ? undefined : [address]);
      }),
    );
    expect(relatedIp('fe80::1%eth0'), "a zone is nothing for Elasticsearch's type ip").toBeUndefined();
  });
});
