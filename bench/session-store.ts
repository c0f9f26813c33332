import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { issuanceOf, NO_KNOWLEDGE, useOf, userOf } from '../harness/session-events.ts';
import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { type EnrichmentContext, enrich } from '../src/enrichment/enrich.ts';
import { stringifyEnrichment } from '../src/enrichment/stringify-enrichment.ts';
import type { CloudTrailRecord } from '../src/event/cloudtrail-record.ts';
import { parseRecordText } from '../src/event/parse-record.ts';
import { MemoryStore } from '../src/session/memory-store.ts';
import { traceSession } from '../src/session/trace-session.ts';
import { type Measure, tell } from './measure.ts';
import { withUsualFields } from './ordinary/usual-fields.ts';

/**
 * A million sessions in memory: what they weigh, and whether looking one up and merging a use into it costs more
 * than among a thousand. `npm run bench:sessions`, with another number in BENCH_SESSIONS.
 *
 * A session lives for an hour and is remembered for a day longer, so that few of those remembered are in use: the
 * first figure is for uses of the latest thousand. The others are for uses of any of the million, the worst that can
 * come: each then waits for memory that no cache holds. Last the same for the whole way of an event, from its text.
 */
const MANY = Number(process.env['BENCH_SESSIONS'] ?? 1_000_000);
const FEW = 1000;
const MEASURED = 20_000;
const ROUNDS = 40;
const LARGEST_RSS = 1.5e9;
const LARGEST_RATIO = 1.3;

const context = { ...NO_KNOWLEDGE, now: Date.now, learn: true };

const eventOf = (i: number): object => withUsualFields(useOf(i, 0));

/** Through text, as events come: each string is one of its own. */
function recordOf(source: object): CloudTrailRecord {
  const parsed = parseRecordText(JSON.stringify(source));
  if (!parsed.ok) throw new Error(parsed.refusal.code);
  return parsed.record;
}

function fill(sessions: number): MemoryStore {
  const store = new MemoryStore({ maxSessions: sessions + 1 });
  for (let i = 0; i < sessions; i++) {
    traceSession(recordOf(issuanceOf(i, userOf(i))), store, context);
    traceSession(recordOf(eventOf(i)), store, context);
  }
  return store;
}

interface Way {
  readonly name: string;
  readonly run: () => void;
  readonly rounds: number[];
}

/** Uses of random sessions from `first` to `last`, each prepared outside of what is measured. */
function wayOf<Event>(
  name: string,
  [first, last]: readonly [number, number],
  prepare: (source: object) => Event,
  take: (event: Event) => void,
): Way {
  let state = 1;
  const events = Array.from({ length: MEASURED }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return prepare(eventOf(first + (state % (last - first))));
  });
  return { name, rounds: [], run: () => events.forEach(take) };
}

function traceWay(name: string, store: MemoryStore, range: readonly [number, number]): Way {
  return wayOf(name, range, recordOf, (record) => traceSession(record, store, context));
}

/** From the text of an event to the text of its answer. */
function wholeWay(name: string, store: MemoryStore, range: readonly [number, number]): Way {
  const { enrichment } = createContext(loadConfig({}));
  const context: EnrichmentContext = { ...enrichment, sessions: store };
  return wayOf(name, range, JSON.stringify, (text) => {
    const answer = enrich(parseRecordText(text), context);
    if (!(answer instanceof Promise) && answer.ok) stringifyEnrichment(answer);
  });
}

/** Nanoseconds an event. The ways take turns, so that what else the machine does meets all; the best round counts. */
function timesOf(ways: readonly Way[]): readonly number[] {
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ways) {
      const start = process.hrtime.bigint();
      way.run();
      way.rounds.push(Number(process.hrtime.bigint() - start) / MEASURED);
    }
  }
  return ways.map(({ rounds }) => Math.min(...rounds));
}

/** What fills a memory leaves garbage behind, as much as the collector happened to let lie. */
function rssWithoutGarbage(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage.rss();
}

export function measureSessions(): readonly Measure[] {
  const few = fill(FEW);
  const before = rssWithoutGarbage();
  const many = fill(MANY);
  const rss = rssWithoutGarbage();
  const compare = (what: string, way: typeof traceWay): readonly Measure[] => {
    const ways = [
      way('of 1,000', few, [0, FEW]),
      way('of 1,000 in use among all', many, [MANY - FEW, MANY]),
      way('of any', many, [0, MANY]),
    ];
    const [theirs = Number.NaN, inUse = Number.NaN, any = Number.NaN] = timesOf(ways);
    return [
      { what: `${what}, of 1,000 in use`, unit: 'ns', ours: inUse, theirs, atMost: LARGEST_RATIO },
      { what: '  of any', unit: 'ns', ours: any, theirs, atMost: LARGEST_RATIO },
    ];
  };
  const millions = MANY.toLocaleString('en');
  return [
    { what: `${millions} sessions, memory`, unit: 'MB', ours: rss / 1e6, atMost: LARGEST_RSS / 1e6 },
    { what: '  of one session', unit: 'bytes', ours: (rss - before) / MANY },
    ...compare('look up and merge, against 1,000 sessions', traceWay),
    ...compare('the whole event, against 1,000 sessions', wholeWay),
  ];
}

if (import.meta.main) tell(measureSessions());
