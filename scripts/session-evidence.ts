import { readFileSync } from 'node:fs';
import { mulberry32 } from '../harness/mulberry32.ts';
import { NO_KNOWLEDGE } from '../harness/session-events.ts';
import type { CloudTrailRecord } from '../src/event/cloudtrail-record.ts';
import { parseRecordText } from '../src/event/parse-record.ts';
import { issuanceOf } from '../src/session/issuance.ts';
import { MemoryStore } from '../src/session/memory-store.ts';
import { isServiceAddress } from '../src/session/source-address.ts';
import { type SessionTrace, traceSession } from '../src/session/trace-session.ts';
import { useOf } from '../src/session/use.ts';
import { loadTables } from '../src/tables/load-tables.ts';
import { DATA_DIRECTORY } from './data-directory.ts';

/**
 * What the records of real logs let be known of where credentials came from: the counts in docs/session-origin.md.
 * `npm run evidence:sessions -- FILE...`, each a file of one record a line; records with the same eventID count once.
 */
const SHUFFLES = 20;
const tables = loadTables(DATA_DIRECTORY);
const records = readRecords(process.argv.slice(2));
const expected = finalTraces(records);

const orders: [string, CloudTrailRecord[]][] = [['reverse', [...records].reverse()]];
for (let seed = 1; seed <= SHUFFLES; seed++) orders.push([`shuffle ${seed}`, shuffled(records, seed)]);
const differing = orders.filter(
  ([, order]) => JSON.stringify(finalTraces(order)) !== JSON.stringify(expected),
);

const temporary = records.filter((record) => useOf(record) !== undefined);
console.log(`records ${records.length}, with temporary credentials ${temporary.length}`);
console.log(
  `issuances ${new Set(records.map((record) => issuanceOf(record)?.subject).filter(Boolean)).size}`,
);
printTable(
  'origin: status, reason, join, kind',
  expected,
  ({ origin }) =>
    origin &&
    [origin.status, origin.reason ?? '-', origin.join ?? '-', origin.credential?.kind ?? '-'].join('  '),
);
printTable('source check: verdict', expected, ({ sourceCheck }) => sourceCheck?.verdict);
printExplanations(temporary);
printNaive();
const onBehalf = records.filter((record) => record.userIdentity.invokedBy !== undefined);
const judged = records.filter(
  (record, i) =>
    record.userIdentity.invokedBy !== undefined && expected[i]?.sourceCheck?.verdict === 'service_on_behalf',
);
console.log(`\non behalf of someone: ${onBehalf.length}, judged service_on_behalf: ${judged.length}`);
console.log(
  `unknown without a reason: ${expected.filter(({ origin }) => origin?.status === 'unknown' && !origin.reason).length}`,
);
console.log(
  `file order, reverse and ${SHUFFLES} shuffles: ${differing.length === 0 ? 'the same answers' : `${differing.map(([name]) => name)} differ`}`,
);
if (differing.length > 0) process.exitCode = 1;

function readRecords(files: readonly string[]): CloudTrailRecord[] {
  const seen = new Set<string>();
  const found: CloudTrailRecord[] = [];
  for (const line of files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))) {
    if (line.trim() === '') continue;
    const parsed = parseRecordText(line);
    if (!parsed.ok || seen.has(parsed.record.eventId ?? line)) continue;
    seen.add(parsed.record.eventId ?? line);
    found.push(parsed.record);
  }
  return found;
}

/** The answers to all records, in the order of the file, after `order` was learned. */
function finalTraces(order: readonly CloudTrailRecord[]): SessionTrace[] {
  const store = new MemoryStore({ maxSessions: 200_000 });
  const ask = (record: CloudTrailRecord): SessionTrace => {
    const trace = traceSession(record, store, {
      ...NO_KNOWLEDGE,
      now: Date.now,
      learn: true,
      networks: tables.networks,
    });
    if (trace instanceof Promise) throw new Error('the memory store answers at once');
    // Which uses came before their issuance is a matter of delivery.
    return { ...trace, issued: undefined };
  };
  for (const record of order) ask(record);
  return records.map(ask);
}

/** By a seed, so that a difference can be found again. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = mulberry32(seed);
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

function printTable(
  title: string,
  traces: readonly SessionTrace[],
  keyOf: (trace: SessionTrace) => string | undefined,
): void {
  const counts = new Map<string, number>();
  for (const trace of traces) {
    const key = keyOf(trace) ?? 'nothing';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  console.log(`\n${title}`);
  for (const [key, count] of [...counts].sort((a, b) => b[1] - a[1]))
    console.log(`${String(count).padStart(7)}  ${key}`);
}

/** How the uses of temporary credentials can be explained, each by the first that fits. */
function printExplanations(uses: readonly CloudTrailRecord[]): void {
  const issued = new Set(records.map((record) => issuanceOf(record)?.subject));
  const flagged = (key: (record: CloudTrailRecord) => string | undefined) =>
    new Set(uses.filter((record) => record.sessionCredentialFromConsole).map(key));
  const consoleKeys = flagged((record) => record.userIdentity.accessKeyId);
  const consoleSessions = flagged((record) => useOf(record)?.session);
  const explain = (record: CloudTrailRecord): string => {
    const key = record.userIdentity.accessKeyId;
    if (key !== undefined && issued.has(key)) return 'its access key was issued in a recorded call';
    if (record.userIdentity.invokedBy !== undefined) return 'an AWS service acts on behalf of someone';
    if (record.sessionCredentialFromConsole) return 'console flag on this event';
    if (key !== undefined && consoleKeys.has(key)) return 'console flag on another event of the key';
    if (consoleSessions.has(useOf(record)?.session)) return 'console flag on a sibling key of the session';
    return 'none of these';
  };
  const counts = new Map<string, number>();
  for (const record of uses) counts.set(explain(record), (counts.get(explain(record)) ?? 0) + 1);
  console.log('\nuses of temporary credentials, by what explains them first');
  for (const [reason, count] of counts) {
    console.log(
      `${String(count).padStart(7)}  ${((100 * count) / uses.length).toFixed(1).padStart(5)} %  ${reason}`,
    );
  }
}

/** What a plain comparison of the issuance's address with that of the use would raise. */
function printNaive(): void {
  let joined = 0;
  let differing = 0;
  let byService = 0;
  records.forEach((record, i) => {
    const { origin, sourceCheck } = expected[i] ?? {};
    const source = origin?.join === 'access_key' ? origin.lineage?.steps[0]?.claim.source : undefined;
    if (source === undefined) return;
    joined++;
    if (source.address === record.sourceIpAddress) return;
    differing++;
    if (isServiceAddress(source.address) && sourceCheck?.anomalous === false) byService++;
  });
  console.log(
    `\njoined by their key: ${joined}; a plain comparison of addresses flags ${differing}, of which ${byService} were issued to an AWS service and are no anomaly here`,
  );
}
