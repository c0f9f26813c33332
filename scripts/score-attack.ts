import { argv, exit } from 'node:process';
import { withoutApiVersion } from '../src/tables/call-name.ts';
import { parentTechnique } from '../src/tables/ecs-threat.ts';
import { loadTables } from '../src/tables/load-tables.ts';
import type { ThreatTable } from '../src/tables/threat-table.ts';
import { DATA_DIRECTORY } from './data-directory.ts';
import { type AttackFact, readFact } from './facts.ts';
import { readMaybeGzip } from './maybe-gzip.ts';

/**
 * npm run score:attack -- FACTS.json[.gz] [--source NAME] [--at-most N] [--union]
 *
 * Holds our techniques against those of any rule set: rows of {eventSource, eventName, techniqueV19 | technique,
 * source}, or of data/facts/attack-events.json. Compared are the sets of PARENT techniques of each call; F1 is taken
 * per call (one technique too many costs as much as one too few) and averaged over the calls. `--source` takes the rows
 * of one rule set only; `--at-most` only those of rules that name at most so many calls, because a rule over many calls
 * gives each of them all its techniques. `--union` scores the union of the six published sets of data/facts, without
 * the one being scored, in place of our table: what no curation at all would give.
 */
interface ForeignRow {
  readonly eventSource: string;
  readonly eventName: string;
  readonly technique: string;
  readonly source?: string;
  /** The rule that says so, within its source. */
  readonly sourceId?: string;
}

interface CallScore {
  readonly call: string;
  readonly theirs: ReadonlySet<string>;
  readonly ours: ReadonlySet<string>;
  readonly f1: number;
}

type TechniquesOf = (eventSource: string, eventName: string) => ReadonlySet<string>;

const [path, ...flags] = argv.slice(2);
if (path === undefined) {
  console.error('usage: npm run score:attack -- FACTS.json[.gz] [--source NAME] [--at-most N] [--union]');
  exit(2);
}
const source = flagValue('--source');
const atMost = Number(flagValue('--at-most') ?? Number.POSITIVE_INFINITY);
const all = readRows(path);
const known = new Set(all.map((row) => row.source));
if (source !== undefined && !known.has(source)) {
  console.error(`no row is of the source ${source}; there are ${[...known].join(', ')}`);
  exit(2);
}
const rows = narrow(
  all.filter((row) => source === undefined || row.source === source),
  atMost,
);
const scored = new Set(rows.map((row) => row.source));
const ours = flags.includes('--union')
  ? unionOf(readFact<AttackFact[]>('attack-events'), scored)
  : tableOf(loadTables(DATA_DIRECTORY).threats);
report(score(rows, ours));

function flagValue(flag: string): string | undefined {
  return flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined;
}

function narrow(all: readonly ForeignRow[], limit: number): ForeignRow[] {
  const calls = new Map<string, Set<string>>();
  const ruleOf = (row: ForeignRow): string => `${row.source} ${row.sourceId}`;
  for (const row of all) {
    const key = ruleOf(row);
    calls.set(key, (calls.get(key) ?? new Set()).add(keyOf(row.eventSource, row.eventName)));
  }
  return all.filter((row) => (calls.get(ruleOf(row))?.size ?? 0) <= limit);
}

function readRows(file: string): ForeignRow[] {
  const value: unknown = JSON.parse(readMaybeGzip(file));
  const list = Array.isArray(value) ? value : (value as { rows?: unknown[] }).rows;
  if (!Array.isArray(list)) throw new Error(`${file} holds no list of rows`);
  return list.map(toRow);
}

function toRow(row: unknown): ForeignRow {
  if (Array.isArray(row)) {
    const [eventSource, eventName, from, sourceId, , , technique] = row as unknown as AttackFact;
    return { eventSource, eventName, technique, source: from, sourceId };
  }
  const fact = row as Readonly<Record<string, string | undefined>>;
  const { eventSource, eventName, source: from, sourceId } = fact;
  if (eventSource === undefined || eventName === undefined) throw new Error('A row names no call');
  return {
    eventSource,
    eventName,
    technique: fact['techniqueV19'] ?? fact['technique'] ?? '',
    ...(from !== undefined && { source: from }),
    ...(sourceId !== undefined && { sourceId }),
  };
}

function tableOf(threats: ThreatTable): TechniquesOf {
  return (eventSource, eventName) =>
    new Set(
      threats
        .find(eventSource, withoutApiVersion(eventName))
        ?.techniques.map((use) => parentTechnique(use.technique)),
    );
}

function unionOf(facts: readonly AttackFact[], without: ReadonlySet<string | undefined>): TechniquesOf {
  const union = new Map<string, Set<string>>();
  for (const [eventSource, eventName, from, , , , technique] of facts) {
    if (technique !== '' && !without.has(from)) add(union, keyOf(eventSource, eventName), technique);
  }
  return (eventSource, eventName) => union.get(keyOf(eventSource, eventName)) ?? new Set();
}

/** A call that names no living technique cannot be agreed with, and is left out. */
function score(foreign: readonly ForeignRow[], techniquesOf: TechniquesOf): CallScore[] {
  const theirs = new Map<string, Set<string>>();
  for (const { eventSource, eventName, technique } of foreign) {
    if (technique !== '') add(theirs, keyOf(eventSource, eventName), technique);
  }
  return [...theirs].map(([call, techniques]) => {
    const [eventSource = '', eventName = ''] = call.split(' ');
    const found = techniquesOf(eventSource, eventName);
    const shared = [...techniques].filter((technique) => found.has(technique)).length;
    return { call, theirs: techniques, ours: found, f1: (2 * shared) / (techniques.size + found.size) };
  });
}

function keyOf(eventSource: string, eventName: string): string {
  return `${eventSource} ${withoutApiVersion(eventName)}`;
}

function add(sets: Map<string, Set<string>>, key: string, technique: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(parentTechnique(technique)));
}

function report(calls: readonly CallScore[]): void {
  const sum = (value: (call: CallScore) => number): number =>
    calls.reduce((total, call) => total + value(call), 0);
  const shared = sum(({ theirs, ours: own }) => [...theirs].filter((technique) => own.has(technique)).length);
  const ratio = (part: number, whole: number): string => (whole === 0 ? 0 : part / whole).toFixed(3);
  console.log(`calls      ${calls.length}`);
  console.log(`answered   ${calls.filter((call) => call.ours.size > 0).length}`);
  console.log(
    `precision  ${ratio(
      shared,
      sum((call) => call.ours.size),
    )}`,
  );
  console.log(
    `recall     ${ratio(
      shared,
      sum((call) => call.theirs.size),
    )}`,
  );
  console.log(
    `F1         ${ratio(
      sum((call) => call.f1),
      calls.length,
    )} (per call, averaged)`,
  );
  list('missed most (theirs, not ours)', calls, ({ theirs, ours: own }) =>
    [...theirs].filter((id) => !own.has(id)),
  );
  list('added most (ours, not theirs)', calls, ({ theirs, ours: own }) =>
    [...own].filter((id) => !theirs.has(id)),
  );
}

function list(title: string, calls: readonly CallScore[], pick: (call: CallScore) => string[]): void {
  const byTechnique = new Map<string, string[]>();
  for (const call of calls) {
    for (const id of pick(call)) byTechnique.set(id, [...(byTechnique.get(id) ?? []), call.call]);
  }
  console.log(`\n${title}`);
  const ordered = [...byTechnique].sort((a, b) => b[1].length - a[1].length).slice(0, 10);
  for (const [id, names] of ordered) {
    const examples = names.slice(0, 4).map((name) => name.replace('.amazonaws.com ', ':'));
    console.log(
      `${String(names.length).padStart(5)}  ${id}  ${examples.join(', ')}${names.length > 4 ? ', ...' : ''}`,
    );
  }
}
