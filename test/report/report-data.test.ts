import { expect, test } from 'vitest';
import { ReportData } from '../../src/report/report-data.ts';
import { scenarioEvents } from './events.ts';

test('what the page keeps does not grow with the events, whatever they name', async () => {
  const told = (await scenarioEvents()).find(({ enrichment }) => (enrichment.origin?.chain?.length ?? 0) > 0);
  if (told === undefined) throw new Error('no scenario has a chain');
  const { record, enrichment } = told;
  const data = new ReportData();
  const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
  for (let number = 0; number < 6000; number++) {
    const root = { ...enrichment.origin?.root, arn: user(number % 2 === 0 ? 'one' : `of-${number}`) };
    const step = { ...enrichment.origin?.chain?.[0], arn: user(`by-${number}`) };
    data.add({
      record: {
        ...record,
        recipientAccountId: String(100_000_000_000 + number),
        sourceIpAddress: `2001:db8::${number.toString(16)}`,
        userIdentity: { ...record.userIdentity, arn: user(`as-${number}`), accessKeyId: `ASIA${number}` },
      },
      enrichment: {
        ...enrichment,
        origin: { ...enrichment.origin, root, chain: [step, step, step] },
        source_check: { ...enrichment.source_check, verdict: 'different_source', anomalous: true },
      } as typeof enrichment,
    });
  }
  const sizes = Object.entries({ ...data, ...data.chains }).map(([name, kept]) => [
    name,
    kept instanceof Map || kept instanceof Set ? kept.size : 0,
  ]);
  expect(Object.fromEntries(sizes.filter(([, size]) => Number(size) > 100))).toEqual({
    accounts: 1000,
    edges: 4000,
    moved: 2000,
    nodes: 2000,
    principals: 3001,
  });
  const { actsAs, addresses } = data.principals.get(user('one')) ?? {};
  expect([actsAs?.size, addresses?.size]).toEqual([6, 6]);
  expect([...data.principals.values()].every(({ techniques }) => techniques.size <= 6)).toBe(true);
});
