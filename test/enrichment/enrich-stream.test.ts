import { describe, expect, test } from 'vitest';
import { startReplica } from '../../harness/replicas.ts';
import { sessionEvents } from '../../harness/session-events.ts';
import { enrichStream, StreamEnricher } from '../../src/enrichment/enrich-stream.ts';
import { BrokenStream } from '../../src/event/byte-source.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { testService } from '../service.ts';
import { FakeRowServer } from '../shared-rows/fake-row-server.ts';

const service = testService();
const lines = sessionEvents({ sessions: 4, uses: 3, unissued: 0 }).map((event) => JSON.stringify(event));

async function newStore(watch: number): Promise<SessionStore> {
  const server = new FakeRowServer();
  server.watch = watch;
  return (await startReplica(server)).store;
}

const stores: Record<string, () => Promise<SessionStore> | SessionStore> = {
  'a memory of its own': () => service.context.memory.sessions,
  'a shared store': () => newStore(0),
  'a shared store that tells of changes': () => newStore(1),
};

describe.each(Object.entries(stores))('a stream with %s', (_name, store) => {
  const newEnricher = async () =>
    new StreamEnricher(
      { ...service.context.enrichment, sessions: await store() },
      { output: 'merged', recordLimitBytes: 100_000 },
    );

  test('answers who waits for an answer before he sends the next record', async () => {
    const answers: string[] = [];
    async function* source(): AsyncGenerator<Buffer[]> {
      for (const [i, line] of lines.entries()) {
        yield [Buffer.from(`${line}\n`)];
        for (let turn = 0; turn < 1000 && answers.length <= i; turn++) await new Promise(setImmediate);
        if (answers.length <= i) throw new Error('no answer');
      }
    }
    for await (const bytes of enrichStream(source(), await newEnricher())) {
      const text = bytes.toString();
      if (text !== '') answers.push(text);
    }
    expect(answers.length).toBe(lines.length);
  });

  test('answers the records of one turn each in its place, and knows an issuance from the next record on', async () => {
    const events = sessionEvents({ sessions: 40, uses: 3, unissued: 0, first: 1000 });
    const broken = new Set([0, 31, 32, 33, 63, 64, 100, 159]);
    const sent = events.map((event, i) => (broken.has(i) ? `{"broken":${i}` : JSON.stringify(event)));
    sent[70] = JSON.stringify({ tooLong: 'x'.repeat(100_000) });
    const enricher = await newEnricher();
    const bytes = [await enricher.push([Buffer.from(`${sent.join('\n')}\n`)])];
    for await (const more of enricher.end()) bytes.push(more);
    const answers = Buffer.concat(bytes)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const expected = events.map((event, i) =>
      broken.has(i) ? ['not_json', i] : i === 70 ? ['body_too_large', i] : event['eventID'],
    );
    expect(answers.map(({ error, eventID }) => (error ? [error.code, error.index] : eventID))).toEqual(
      expected,
    );
    // Every fourth record is an issuance, and the three behind it are its uses.
    const uses = answers.filter((_, i) => i % 4 !== 0 && !broken.has(i - (i % 4)) && !answers[i].error);
    expect(uses.length).toBeGreaterThan(100);
    expect(new Set(uses.map(({ detrails }) => detrails.origin.status))).toEqual(new Set(['found']));
  });

  test.each([
    ['lines', '{}\n'.repeat(30_000)],
    ['objects one behind the other', '{"a":1}'.repeat(10_000)],
  ])('lets others have their turn between some thousand %s, however short they are', async (_name, text) => {
    let counted = 0;
    let most = 0;
    let isOver = false;
    const round = (): void => {
      most = Math.max(most, counted);
      counted = 0;
      if (!isOver) setImmediate(round);
    };
    setImmediate(round);
    const enricher = new StreamEnricher(
      { ...service.context.enrichment, sessions: await store() },
      { output: 'enrichment', recordLimitBytes: 100_000, onAnswer: () => counted++ },
    );
    async function* source(): AsyncGenerator<Buffer[]> {
      yield [Buffer.from(text)];
    }
    for await (const bytes of enrichStream(source(), enricher)) expect(bytes.length).toBeLessThan(2_000_000);
    isOver = true;
    expect(enricher.records).toBeGreaterThanOrEqual(10_000);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(6_000);
  });

  test('answers all that came before it broke off, in order', async () => {
    async function* source(): AsyncGenerator<Buffer[]> {
      for (const line of lines) yield [Buffer.from(`${line}\n`)];
      throw new BrokenStream();
    }
    let text = '';
    for await (const bytes of enrichStream(source(), await newEnricher())) {
      text += bytes.toString();
      await new Promise(setImmediate);
    }
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ error, eventID }) => error?.code ?? eventID)).toEqual([
      ...lines.map((line) => JSON.parse(line).eventID),
      'bad_compression',
    ]);
  });
});
