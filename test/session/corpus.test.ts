import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mulberry32 } from '../../harness/mulberry32.ts';
import { NO_KNOWLEDGE, NOW } from '../../harness/session-events.ts';
import type { CloudTrailRecord } from '../../src/event/cloudtrail-record.ts';
import { parseRecordText } from '../../src/event/parse-record.ts';
import { KeptClaim } from '../../src/session/kept-claim.ts';
import { MemoryStore } from '../../src/session/memory-store.ts';
import { type SessionTrace, traceSession } from '../../src/session/trace-session.ts';
import { saidBy } from './claims.ts';

/** Real records of one account, which stay outside the project: see docs/session-origin.md. */
const CORPUS = new URL('../../../shared/corpora/invictus-aws_dataset.ndjson', import.meta.url);
const isThere = existsSync(CORPUS);

function readCorpus(): CloudTrailRecord[] {
  return readFileSync(CORPUS, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const parsed = parseRecordText(line);
      return parsed.ok ? [parsed.record] : [];
    });
}

/** The answers to all records, in the order of the corpus, once `order` was learned. */
function finalTraces(
  records: readonly CloudTrailRecord[],
  order: readonly CloudTrailRecord[],
): SessionTrace[] {
  const store = new MemoryStore({ maxSessions: 10_000 });
  const ask = (record: CloudTrailRecord): SessionTrace => {
    const trace = traceSession(record, store, { ...NO_KNOWLEDGE, now: () => NOW, learn: true });
    if (trace instanceof Promise) throw new Error('the memory store answers at once');
    return { ...trace, issued: undefined };
  };
  for (const record of order) ask(record);
  return records.map(ask);
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = mulberry32(seed);
  const keyed = items.map((item) => ({ item, at: random() }));
  return keyed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

/** A claim that is kept has its times where JSON does not look. */
function withAllSaid(_: string, value: unknown): unknown {
  return value instanceof KeptClaim ? saidBy(value) : value;
}

test.skipIf(!isThere)(
  'real records end in the same answers in file order, in reverse and in 20 shuffles',
  () => {
    const records = readCorpus();
    const texts = (order: readonly CloudTrailRecord[]) =>
      finalTraces(records, order).map((trace) => JSON.stringify(trace, withAllSaid));
    const expected = texts(records);
    const orders = [
      [...records].reverse(),
      ...Array.from({ length: 20 }, (_, i) => shuffled(records, i + 1)),
    ];
    for (const order of orders) {
      const others = texts(order).flatMap((text, i) => (text === expected[i] ? [] : [[text, expected[i]]]));
      expect(others.slice(0, 3)).toEqual([]);
    }
  },
);

test.skipIf(!isThere)(
  'real records: every unknown origin has a reason, and a service is never an anomaly',
  () => {
    const records = readCorpus();
    const traces = finalTraces(records, records);
    let onBehalf = 0;
    let issuedToService = 0;
    for (const [i, { origin, sourceCheck }] of traces.entries()) {
      if (origin?.status === 'unknown') expect(origin.reason).toBeDefined();
      if (records[i]?.userIdentity.invokedBy !== undefined) {
        onBehalf++;
        expect(sourceCheck?.verdict).toBe('service_on_behalf');
      }
      if (origin?.join === 'access_key' && origin.lineage?.steps[0]?.claim.requester.type === 'AWSService') {
        issuedToService++;
        expect(sourceCheck?.anomalous).toBe(false);
      }
    }
    expect(onBehalf).toBe(353);
    expect(issuedToService).toBe(23);
  },
);
