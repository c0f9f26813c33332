import type { CloudTrailRecord } from '../src/event/cloudtrail-record.ts';
import { parseRecord } from '../src/event/parse-record.ts';
import { MemoryStore } from '../src/session/memory-store.ts';
import { traceSession } from '../src/session/trace-session.ts';

/**
 * A million sessions in memory: what they weigh, and whether looking one up and merging a use into it costs more
 * than among a thousand. Each session is an issuance and one use; the uses that are measured are of random sessions,
 * so that nothing is warm. `node bench/session-store.ts [SESSIONS]`
 */
const MANY = Number(process.argv[2] ?? 1_000_000);
const FEW = 1000;
const MEASURED = 100_000;
const ROUNDS = 7;
const PRINCIPALS = 500;
const LARGEST_RSS = 1.5e9;
const LARGEST_RATIO = 1.3;

const context = { now: Date.now, learn: true };

function issuanceOf(i: number): CloudTrailRecord {
  const user = `user-${i % PRINCIPALS}`;
  return recordOf({
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
  });
}

function useOf(i: number): CloudTrailRecord {
  return recordOf({
    eventTime: '2026-11-24T10:05:00Z',
    eventID: uuid(i, 'b'),
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    sourceIPAddress: addressOf(i),
    userAgent: 'aws-cli/2.15.0 md/awscrt#0.19.19 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLEDEPLOY0001:session-${i}`,
      arn: `arn:aws:sts::111122223333:assumed-role/Deploy/session-${i}`,
      accountId: '111122223333',
      accessKeyId: keyOf(i),
      sessionContext: { attributes: { creationDate: '2026-11-24T10:00:00Z' } },
    },
  });
}

/** Through text, as events come: each string is one of its own. */
function recordOf(source: object): CloudTrailRecord {
  const parsed = parseRecord(JSON.parse(JSON.stringify(source)));
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

interface Measured {
  readonly store: MemoryStore;
  readonly nanoseconds: number;
}

function fill(sessions: number): MemoryStore {
  const store = new MemoryStore({ maxSessions: Math.max(sessions, FEW) + 1 });
  for (let i = 0; i < sessions; i++) {
    traceSession(issuanceOf(i), store, context);
    traceSession(useOf(i), store, context);
  }
  return store;
}

/** The median of some rounds over the same records of random sessions. */
function measure(store: MemoryStore, sessions: number): Measured {
  let state = 1;
  const records = Array.from({ length: MEASURED }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return useOf(state % sessions);
  });
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    for (const record of records) traceSession(record, store, context);
    rounds.push(Number(process.hrtime.bigint() - start) / MEASURED);
  }
  rounds.sort((a, b) => a - b);
  return { store, nanoseconds: rounds[ROUNDS >> 1] ?? 0 };
}

const few = fill(FEW);
measure(few, FEW);
const before = process.memoryUsage.rss();
const many = fill(MANY);
const rss = process.memoryUsage.rss();
const cold = measure(many, MANY);
const warm = measure(few, FEW);
const ratio = cold.nanoseconds / warm.nanoseconds;
console.log(`sessions         ${MANY.toLocaleString('en')} (${many.entries.toLocaleString('en')} rows)`);
console.log(
  `RSS              ${(rss / 1e6).toFixed(0)} MB, ${((rss - before) / MANY).toFixed(0)} bytes a session`,
);
console.log(`trace one of ${FEW}       ${warm.nanoseconds.toFixed(0)} ns`);
console.log(`trace one of ${MANY}    ${cold.nanoseconds.toFixed(0)} ns, ${ratio.toFixed(2)} times as much`);
if (rss > LARGEST_RSS || ratio > LARGEST_RATIO) {
  console.error(`more than ${LARGEST_RSS / 1e6} MB or ${LARGEST_RATIO} times`);
  process.exitCode = 1;
}
