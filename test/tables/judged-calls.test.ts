import { describe, expect, test } from 'vitest';
import riskEvents from '../../data/curated/risk-events.json' with { type: 'json' };
import { RISK_LEVELS } from '../../src/tables/risk-table.ts';
import { tables } from '../shipped-tables.ts';
import cases from './judged-calls.cases.json' with { type: 'json' };
import { knownCall } from './known-call.ts';

describe('what a call is judged to be, by its technique and its risk', () => {
  test.each(cases)('$name', ({ calls }) => {
    const judged = calls.map(([eventSource, eventName]) => {
      const { threat, risk } = knownCall(eventSource as string, eventName as string);
      const techniques = threat?.techniques.map((use) => use.technique) ?? [];
      return [eventSource, eventName, techniques, risk.level, risk.categories];
    });
    expect(judged).toEqual(calls);
  });
});

describe('the decisions on the risk of events', () => {
  test('name each event once, and with the action that it is checked against', () => {
    const events = riskEvents.flatMap(({ action, events }) =>
      events.map((event) => [action, event] as const),
    );
    expect(new Set(events.map(String)).size).toBe(events.length);
    const wrong = events.filter(([action, event]) => {
      const host = action.slice(0, action.indexOf(':')).replace(/^cloudwatch$/, 'monitoring');
      return tables.eventRules.find(`${host}.amazonaws.com`, event).rule?.actions[0]?.id !== action;
    });
    expect(wrong).toEqual([]);
  });

  test('leave the other calls of the action as they are, and the case and a version of the name aside', () => {
    const { level } = knownCall('s3.amazonaws.com', 'PutBucketReplication').risk;
    const action = tables.actions.find('s3', 'PutReplicationConfiguration');
    const actions = action === undefined ? [] : [action];
    expect(level).toBe('high');
    expect(tables.risks.ofCall(actions, undefined).level).toBe('high');
    expect(tables.risks.ofCall(actions, 'DeleteBucketReplication20260101').level).toBe('medium');
    expect(tables.risks.ofCall(actions, 'deletebucketreplication').level).toBe('medium');
  });
});

test('a call for many, and the second version of a call, is judged no milder than the one', () => {
  const milder = tables.actions.all.flatMap((action) => {
    const [, one = action.name.replace(/V2$/, '')] = /^Batch(.+?)s?$/.exec(action.name) ?? [];
    const single = tables.actions.find(action.service, one);
    if (single === undefined || single === action) return [];
    const { level } = tables.risks.ofCall([action], action.name);
    const least = tables.risks.ofCall([single], single.name).level;
    return RISK_LEVELS.indexOf(level) < RISK_LEVELS.indexOf(least) ? [action.id] : [];
  });
  expect(milder).toEqual([]);
});
