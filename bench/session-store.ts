import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { type EnrichmentContext, enrichText } from '../src/enrichment/enrich.ts';
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
const PRINCIPALS = 500;
const LARGEST_RSS = 1.5e9;
const LARGEST_RATIO = 1.3;

const context = { now: Date.now, learn: true };

function issuanceOf(i: number): object {
  const user = `user-${i % PRINCIPALS}`;
  return {
    eventTime: '2026-11-24T10:00:00Z',
    eventID: uuid(i, 'a'),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    sourceIPAddress: addressOf(i),
    userAgent: 'aws-cli/2.15.0 md/awscrt#0.19.19 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: `AIDAEXAMPLE${user}`,
      arn: `arn:aws:iam::111122223333:user/${user}`,
      accountId: '111122223333',
      accessKeyId: `AKIAEXAMPLE${String(i % PRINCIPALS).padStart(9, '0')}`,
    },
    requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Deploy', roleSessionName: `session-${i}` },
    responseElements: {
      credentials: { accessKeyId: keyOf(i), expiration: 'Nov 24, 2026, 1:00:00 PM' },
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLEDEPLOY0001:session-${i}`,
        arn: `arn:aws:sts::111122223333:assumed-role/Deploy/session-${i}`,
      },
    },
  };
}

function useOf(i: number): object {
  return withUsualFields({
    eventTime: '2026-11-24T10:05:00Z',
    eventID: uuid(i, 'b'),
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    awsRegion: 'eu-west-1',
    sourceIPAddress: addressOf(i),
    userAgent: 'aws-cli/2.15.0 md/awscrt#0.19.19 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLEDEPLOY0001:session-${i}`,
      arn: `arn:aws:sts::111122223333:assumed-role/Deploy/session-${i}`,
      accountId: '111122223333',
      accessKeyId: keyOf(i),
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLEDEPLOY0001',
          arn: 'arn:aws:iam::111122223333:role/Deploy',
          accountId: '111122223333',
          userName: 'Deploy',
        },
        attributes: { creationDate: '2026-11-24T10:00:00Z', mfaAuthenticated: 'false' },
      },
    },
  });
}

/** Through text, as events come: each string is one of its own. */
function recordOf(source: object): CloudTrailRecord {
  const parsed = parseRecordText(JSON.stringify(source));
  if (!parsed.ok) throw new Error(parsed.refusal.code);
  return parsed.record;
}

function keyOf(i: number): string {
  return `ASIAEXAMPLE${String(i).padStart(9, '0')}`;
}

function addressOf(i: number): string {
  return `198.51.${100 + ((i >> 8) & 1)}.${i & 255}`;
}

function uuid(i: number, letter: string): string {
  return `${letter.repeat(8)}-0000-4000-8000-${String(i).padStart(12, '0')}`;
}

function fill(sessions: number): MemoryStore {
  const store = new MemoryStore({ maxSessions: sessions + 1 });
  for (let i = 0; i < sessions; i++) {
    traceSession(recordOf(issuanceOf(i)), store, context);
    traceSession(recordOf(useOf(i)), store, context);
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
    return prepare(useOf(first + (state % (last - first))));
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
    const answer = enrichText(text, context);
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

export function measureSessions(): readonly Measure[] {
  const few = fill(FEW);
  const before = process.memoryUsage.rss();
  const many = fill(MANY);
  const rss = process.memoryUsage.rss();
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
