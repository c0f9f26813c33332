import type { Enrichment } from '../enrichment/enrichment.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { isAtLeast } from '../tables/risk-table.ts';
import { boundedEntry } from './bounded-entry.ts';
import { Chains } from './chains.ts';
import { callerOf, hasFinding, rootOf } from './event-facts.ts';
import { short } from './html.ts';
import { type LevelCounts, noCounts, TimeBins } from './time-bins.ts';
import { TopList } from './top-list.ts';

/** An event and what was found out about it: what a successful answer of the enrichment carries. */
export interface ReportedEvent {
  readonly record: CloudTrailRecord;
  readonly enrichment: Enrichment;
}

/** What the page keeps of an event; the record itself is let go. */
export interface EventLine {
  readonly time: number | undefined;
  readonly caller: string;
  readonly root: string;
  readonly action: string;
  readonly eventId: string | undefined;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly address: string | undefined;
  readonly client: string | undefined;
  readonly answer: Pick<Enrichment, 'action' | 'risk' | 'mitre' | 'source_check' | 'policy'>;
}

export interface PrincipalSum {
  readonly principal: string;
  readonly levels: LevelCounts;
  /** 0-100: of its gravest event. */
  highest: number;
  events: number;
  denied: number;
  readonly actsAs: Set<string>;
  readonly addresses: Set<string>;
  readonly techniques: Set<string>;
}

export interface TechniqueSum {
  readonly id: string;
  readonly tactics: Map<string, number>;
  name: string | undefined;
  events: number;
  highest: number;
}

/** A credential that is used from elsewhere: its uses are told together. */
export interface MovedCredential {
  readonly line: EventLine;
  uses: number;
  first: number | undefined;
  last: number | undefined;
}

/** Bounds: a file may hold millions of events, and each of them a new name. */
const MOST_PRINCIPALS = 5000;
const MOST_TECHNIQUES = 1000;
const MOST_CREDENTIALS = 2000;
const MOST_ACCOUNTS = 1000;
/** Of one principal: identities that it acts as, addresses, techniques; each. */
export const MOST_NAMES = 6;
const TOP_EVENTS = 60;
const TOP_POLICIES = 60;

/** Sums up enriched events in memory that does not grow with their number. */
export class ReportData {
  readonly times = new TimeBins();
  readonly levels = noCounts();
  readonly principals = new Map<string, PrincipalSum>();
  readonly techniques = new Map<string, TechniqueSum>();
  readonly tacticNames = new Map<string, string>();
  readonly moved = new Map<string, MovedCredential>();
  readonly chains = new Chains();
  readonly accounts = new Set<string>();
  readonly top = new TopList<EventLine>(TOP_EVENTS, compareLines);
  readonly policies = new TopList<EventLine>(TOP_POLICIES, compareLines);
  events = 0;
  denied = 0;
  anomalous = 0;
  unknownOrigin = 0;
  policyFindings = 0;
  first: number | undefined;
  last: number | undefined;
  tables: string | undefined;

  add({ record, enrichment }: ReportedEvent): void {
    this.#count(record, enrichment);
    const line = lineOf(record, enrichment);
    if (line.accountId !== undefined && this.accounts.size < MOST_ACCOUNTS) this.accounts.add(line.accountId);
    this.#addPrincipal(line, enrichment);
    this.#addTechniques(enrichment);
    this.#addMoved(line, record, enrichment);
    this.chains.add(callerOf(record), enrichment);
    if (enrichment.risk.score > 0) this.top.add(line);
    if (hasFinding(enrichment)) {
      this.policyFindings++;
      this.policies.add(line);
    }
  }

  #count(record: CloudTrailRecord, { risk, action, origin, source_check, tables }: Enrichment): void {
    const time = record.eventTime;
    this.events++;
    this.levels[risk.level]++;
    this.times.add(time, risk.level);
    this.tables ??= tables;
    if (action.outcome === 'denied') this.denied++;
    if (source_check?.anomalous === true) this.anomalous++;
    if (origin?.status === 'unknown') this.unknownOrigin++;
    widen(this, time);
  }

  #addPrincipal(line: EventLine, { risk, action, mitre }: Enrichment): void {
    const sum = boundedEntry(this.principals, line.root, MOST_PRINCIPALS, () => newPrincipal(line.root));
    if (sum === undefined) return;
    sum.events++;
    sum.levels[risk.level]++;
    sum.highest = Math.max(sum.highest, risk.score);
    if (action.outcome === 'denied') sum.denied++;
    addName(sum.actsAs, line.caller);
    addName(sum.addresses, line.address);
    if (isAtLeast(risk.level, 'medium'))
      for (const pair of mitre ?? []) addName(sum.techniques, pair.technique_id);
  }

  #addTechniques({ mitre, threat, risk }: Enrichment): void {
    for (const [index, id] of (threat?.tactic.id ?? []).entries()) {
      const name = threat?.tactic.name[index];
      if (name !== undefined && this.tacticNames.size < 100) this.tacticNames.set(id, name);
    }
    for (const { tactic_id, technique_id } of mitre ?? []) {
      const sum = boundedEntry(this.techniques, technique_id, MOST_TECHNIQUES, () =>
        newTechnique(technique_id),
      );
      if (sum === undefined) continue;
      sum.name ??= techniqueName(technique_id, threat);
      sum.events++;
      sum.highest = Math.max(sum.highest, risk.score);
      sum.tactics.set(tactic_id, (sum.tactics.get(tactic_id) ?? 0) + 1);
    }
  }

  #addMoved(line: EventLine, record: CloudTrailRecord, { source_check }: Enrichment): void {
    if (source_check?.anomalous !== true) return;
    const credential = short(record.userIdentity.accessKeyId ?? line.caller);
    const key = `${credential} ${source_check.verdict} ${line.address}`;
    const moved = boundedEntry(this.moved, key, MOST_CREDENTIALS, () => ({
      line,
      uses: 0,
      first: undefined,
      last: undefined,
    }));
    if (moved === undefined) return;
    moved.uses++;
    widen(moved, line.time);
  }
}

function lineOf(record: CloudTrailRecord, answer: Enrichment): EventLine {
  const { action, risk, mitre, source_check, policy } = answer;
  return {
    time: record.eventTime,
    caller: short(callerOf(record)),
    root: short(rootOf(record, answer)),
    action: short(action.iam?.join(' + ') ?? record.eventName ?? record.kind),
    eventId: record.eventId && short(record.eventId, 60),
    accountId: record.recipientAccountId && short(record.recipientAccountId, 20),
    region: record.awsRegion && short(record.awsRegion, 30),
    address: record.sourceIpAddress && short(record.sourceIpAddress, 60),
    client: record.userAgent && short(record.userAgent, 100),
    answer: {
      action,
      risk,
      ...(mitre && { mitre }),
      ...(source_check && { source_check }),
      ...(policy && { policy }),
    },
  };
}

/** The gravest first; of equals the earlier. */
function compareLines(a: EventLine, b: EventLine): number {
  return b.answer.risk.score - a.answer.risk.score || (a.time ?? 0) - (b.time ?? 0);
}

interface Span {
  first: number | undefined;
  last: number | undefined;
}

/** Files come in the order of their names, and events in that of their delivery. */
function widen(span: Span, time: number | undefined): void {
  if (time === undefined) return;
  span.first = Math.min(time, span.first ?? time);
  span.last = Math.max(time, span.last ?? time);
}

function addName(names: Set<string>, name: string | undefined): void {
  if (name !== undefined && names.size < MOST_NAMES) names.add(name);
}

function newPrincipal(principal: string): PrincipalSum {
  return {
    principal,
    levels: noCounts(),
    highest: 0,
    events: 0,
    denied: 0,
    actsAs: new Set(),
    addresses: new Set(),
    techniques: new Set(),
  };
}

function newTechnique(id: string): TechniqueSum {
  return { id, tactics: new Map(), name: undefined, events: 0, highest: 0 };
}

function techniqueName(id: string, threat: Enrichment['threat']): string | undefined {
  const { technique } = threat ?? {};
  const { subtechnique } = technique ?? {};
  const sub = subtechnique?.id.indexOf(id) ?? -1;
  if (sub >= 0) return subtechnique?.name[sub];
  return technique?.name[technique.id.indexOf(id.split('.')[0] ?? id)];
}
