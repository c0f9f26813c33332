import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { identifyAction } from '../../src/action/identify-action.ts';
import { parseRecord } from '../../src/event/parse-record.ts';
import { tables } from '../shipped-tables.ts';
import { callRecord } from './call-record.ts';
import differences from './facts-differences.json' with { type: 'json' };

/** Facts and real records lie outside the project; without them these tests are skipped, and say so. */
const shared = fileURLToPath(new URL('../../../shared', import.meta.url));
const FACTS = `${shared}/facts/event_to_action.json.gz`;
const CORPORA = `${shared}/corpora`;

interface Fact {
  readonly eventSource: string;
  readonly eventName: string;
  readonly actions: readonly string[];
  readonly ambiguous?: readonly string[];
  readonly rule: string;
}

describe.skipIf(!existsSync(FACTS))('the facts about eventSource and eventName', () => {
  const facts = existsSync(FACTS) ? read().rows : [];
  const sure = facts.filter(({ rule }) => rule !== 'none' && rule !== 'rule:iam-direct');
  const unlike = sure
    .filter((fact) => !isAlike(fact))
    .map(({ eventSource, eventName }) => `${eventSource} ${eventName}`);

  test('come out alike for at least 99.5 % of the rows', () => {
    expect(sure.length).toBeGreaterThan(18_000);
    expect(unlike.length / sure.length).toBeLessThan(0.005);
  });

  test('differ only where a reason is given', () => {
    const reasoned = differences.flatMap(({ eventSource, eventNames }) =>
      eventNames.map((name) => `${eventSource} ${name}`),
    );
    expect(unlike.sort()).toEqual(reasoned.sort());
  });

  test('name nothing that is known by rule authors only and not here', () => {
    const missed = facts.filter(({ rule }) => rule === 'rule:iam-direct').filter((fact) => !isAlike(fact));
    expect(missed).toEqual([]);
  });
});

describe.skipIf(!existsSync(FACTS))('the events that are known to be no API calls', () => {
  const events = existsSync(FACTS) ? read().nonApiEvents : [];
  /** The agent's call has an action of its own name, and CloudTrail calls it an AwsApiCall. */
  const isCall = (eventName: string): boolean => eventName === 'OpenDataChannel';

  test('are mapped to not_an_api_call', () => {
    expect(events.length).toBeGreaterThan(30);
    for (const { eventSource, eventName, eventType } of events) {
      const { mapping } = identifyAction(callRecord({ eventSource, eventName, eventType }), tables);
      expect(`${eventName} ${mapping}`).toBe(
        `${eventName} ${isCall(eventName) ? 'exact' : 'not_an_api_call'}`,
      );
    }
  });

  test('are mapped to not_an_api_call where the eventType is lost', () => {
    for (const { eventSource, eventName } of events.filter((event) => !isCall(event.eventName))) {
      const { mapping } = identifyAction(
        callRecord({ eventSource, eventName, eventType: undefined }),
        tables,
      );
      expect(`${eventName} ${mapping}`).toBe(`${eventName} not_an_api_call`);
    }
  });
});

describe.skipIf(!existsSync(CORPORA))('real records', () => {
  const calls = existsSync(CORPORA) ? readCalls() : [];
  const unknown = calls.filter(({ mapping }) => mapping === 'unknown');

  test('are mapped for at least 99.5 % of the calls', () => {
    expect(calls.length).toBeGreaterThan(3000);
    expect(unknown.length / calls.length).toBeLessThan(0.005);
  });

  test('are mapped for at least 97.5 % of distinct pairs', () => {
    const pairs = new Set(calls.map(({ pair }) => pair));
    const missed = new Set(unknown.map(({ pair }) => pair));
    expect(missed.size / pairs.size).toBeLessThan(0.025);
  });
});

/** Where the name alone does not tell, all that it may mean is wanted. */
function isAlike({ eventSource, eventName, actions, ambiguous }: Fact): boolean {
  const identified = identifyAction(callRecord({ eventSource, eventName }), tables);
  const ids = identified.actions.map((action) => action.id).sort();
  return JSON.stringify(ids) === JSON.stringify([...(ambiguous ?? actions)].sort());
}

function read(): {
  rows: Fact[];
  nonApiEvents: { eventSource: string; eventName: string; eventType: string }[];
} {
  return JSON.parse(gunzipSync(readFileSync(FACTS)).toString('utf8'));
}

function readCalls(): { pair: string; mapping: string }[] {
  const files = readdirSync(CORPORA).filter((name) => name.endsWith('.ndjson'));
  const lines = files.flatMap((name) => readFileSync(`${CORPORA}/${name}`, 'utf8').split('\n'));
  return lines.filter(Boolean).flatMap((line) => {
    const parsed = parseRecord(JSON.parse(line));
    if (!parsed.ok) return [];
    const { mapping } = identifyAction(parsed.record, tables);
    const pair = `${parsed.record.eventSource} ${parsed.record.eventName}`;
    return mapping === 'not_an_api_call' ? [] : [{ pair, mapping }];
  });
}
