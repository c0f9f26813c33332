import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mulberry32 } from '../harness/mulberry32.ts';
import { withoutApiVersion } from '../src/tables/call-name.ts';
import { type AttackFact, type PacuCall, readFact } from './facts.ts';

/**
 * Draws the calls of docs/reference/attack-review.md: 50 of the 1,000 calls that are used most in the corpora of real
 * records (../shared/corpora) and named most in the facts, by a fixed seed, so that nobody chose them.
 */
const SEED = 20_261_124;
const POOL = 1000;
const DRAWN = 50;

const corpora = fileURLToPath(new URL('../../shared/corpora/', import.meta.url));
if (!existsSync(corpora)) throw new Error('The corpora are not here: ../shared/corpora');

const uses = new Map<string, number>();
for (const file of readdirSync(corpora).filter((name) => name.endsWith('.ndjson'))) {
  for (const line of readFileSync(`${corpora}${file}`, 'utf8').split('\n')) count(callOf(line));
}
for (const [source, name] of readFact<AttackFact[]>('attack-events')) count([source, name]);
for (const [, , source, name] of readFact<PacuCall[]>('pacu-calls')) count([source, name]);

const pool = [...uses].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, POOL);
for (const [call, times] of draw(pool, DRAWN)) console.log(`${call}  ${times}`);

function callOf(line: string): readonly [string, string] | undefined {
  if (line.trim() === '') return undefined;
  const { eventSource, eventName } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return typeof eventSource === 'string' && typeof eventName === 'string'
    ? [eventSource, eventName]
    : undefined;
}

function count(call: readonly [string, string] | undefined): void {
  if (call === undefined || !call[0].endsWith('.amazonaws.com')) return;
  const key = `${call[0].replace('.amazonaws.com', '')}:${withoutApiVersion(call[1])}`;
  uses.set(key, (uses.get(key) ?? 0) + 1);
}

/** The first of a shuffle (Fisher and Yates), sorted by name. */
function draw<T extends readonly [string, number]>(from: readonly T[], size: number): T[] {
  const random = mulberry32(SEED);
  const rest = [...from];
  const drawn = Array.from({ length: Math.min(size, rest.length) }, () => {
    const [one] = rest.splice(Math.floor(random() * rest.length), 1);
    return one as T;
  });
  return drawn.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}
