import { setImmediate } from 'node:timers/promises';
import type { Turn } from '../event/byte-source.ts';
import { RecordReader } from '../event/read-records.ts';
import type { StreamRecord } from '../event/stream-record.ts';
import { learnSession } from '../session/trace-session.ts';
import type { EnrichmentContext } from './enrich.ts';
import type { LearnedCounts } from './session-schema.ts';

/**
 * Learns from a stream of records who was given which credential; `undefined` where there is nothing in it. Throws what
 * the source throws, such as a BrokenStream. Holds no tables, which a reload may replace before the stream ends.
 */
export async function learnStream(
  source: AsyncIterable<Turn>,
  enrichment: EnrichmentContext,
  recordLimitBytes: number,
): Promise<LearnedCounts | undefined> {
  const { sessions } = enrichment;
  const { now } = enrichment.knowledge.session;
  const reader = new RecordReader(recordLimitBytes);
  const counts: LearnedCounts = { records: 0, learned: 0, ignored: 0, failed: 0 };
  const learn = async (records: readonly StreamRecord[]) => {
    for (const { parsed } of records) {
      counts.records++;
      if (!parsed.ok) counts.failed++;
      else if (await learnSession(parsed.record, sessions, now())) counts.learned++;
      else counts.ignored++;
    }
  };
  for await (const turn of source) for (const chunk of turn) await learnAll(reader.push(chunk), learn);
  await learnAll(reader.end(), learn);
  return reader.form === undefined ? undefined : counts;
}

/** Where one chunk holds more than are read at a time, others have their turn between them. */
async function learnAll(
  lists: Iterable<readonly StreamRecord[]>,
  learn: (records: readonly StreamRecord[]) => Promise<void>,
): Promise<void> {
  let isFirst = true;
  for (const records of lists) {
    if (!isFirst) await setImmediate();
    isFirst = false;
    await learn(records);
  }
}
