import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mulberry32 } from '../harness/mulberry32.ts';
import { issuanceOf, useOf, userOf } from '../harness/session-events.ts';
import { type Measure, takeTurns, tell } from './measure.ts';
import { withUsualFields } from './ordinary/usual-fields.ts';
import {
  type LoadRound,
  loadEnrich,
  type ProcessUnderTest,
  postStream,
  startService,
} from './process-under-test.ts';

/**
 * What an event costs a service that remembers a million sessions, against one that remembers a thousand: through
 * /enrich with 50 connections, uses of any of them at random. bench/session-store.ts takes the memory apart from the
 * rest. `npm run bench -- growth`, with another number in BENCH_SESSIONS.
 */
const MANY = Number(process.env['BENCH_SESSIONS'] ?? 1_000_000);
const FEW = 1000;
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const USES = 40_000;
const LARGEST_RATIO = 1.3;
const SENT_AT_ONCE = 10_000;

interface Grown {
  readonly service: ProcessUnderTest;
  /** Uses of any of its sessions. */
  readonly recordsFile: string;
}

export async function measureGrowth(): Promise<readonly Measure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'detrails-bench-'));
  const grown: Grown[] = [];
  try {
    for (const sessions of [MANY, FEW]) grown.push(await grow(sessions, directory));
    const [many, few] = grown as [Grown, Grown];
    for (const one of grown) await post(one);
    const of = await takeTurns(
      PAIRS,
      () => post(many),
      () => post(few),
    );
    const millions = MANY.toLocaleString('en');
    return [
      {
        what: `/enrich, uses of any of ${millions} sessions, against 1,000`,
        unit: 'us CPU',
        ...of('cpuMicroseconds'),
        atMost: LARGEST_RATIO,
      },
      { what: '  by the clock', unit: 'req/s', ...of('perSecond') },
      { what: '  memory of the service', unit: 'MB', ours: many.service.rssBytes() / 1e6 },
    ];
  } finally {
    for (const { service } of grown) await service.stop();
    rmSync(directory, { recursive: true });
  }
}

async function grow(sessions: number, directory: string): Promise<Grown> {
  const service = await startService({ DETRAILS_SESSION_MAX: String(sessions + 1) });
  for (let first = 0; first < sessions; first += SENT_AT_ONCE) {
    const events = [];
    for (let i = first; i < Math.min(first + SENT_AT_ONCE, sessions); i++)
      events.push(JSON.stringify(issuanceOf(i, userOf(i))), JSON.stringify(useOf(i, 0)));
    await postStream(service, Buffer.from(events.join('\n')));
  }
  const random = mulberry32(sessions);
  const uses = Array.from({ length: USES }, () =>
    JSON.stringify(withUsualFields(useOf(Math.floor(random() * sessions), 0))),
  );
  const recordsFile = join(directory, `uses-of-${sessions}.ndjson`);
  writeFileSync(recordsFile, uses.join('\n'));
  return { service, recordsFile };
}

function post({ service, recordsFile }: Grown): Promise<LoadRound> {
  return loadEnrich(service, { recordsFile, connections: 50, seconds: SECONDS });
}

if (import.meta.main) tell(await measureGrowth());
