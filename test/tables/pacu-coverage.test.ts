import { describe, expect, test } from 'vitest';
import { type PacuCall, readCurated, readFact } from '../../scripts/facts.ts';
import { withoutApiVersion } from '../../src/tables/call-name.ts';
import { knownCall } from './known-call.ts';

interface PacuException {
  readonly eventSource: string;
  readonly eventName: string;
  readonly lacks: readonly ('technique' | 'risk')[];
  readonly reason: string;
}

const calls = readFact<PacuCall[]>('pacu-calls');
const exceptions = readCurated<PacuException[]>('pacu-exceptions');
/** The kinds of Pacu's modules that change the account for the attacker's good. */
const HARMFUL = ['ESCALATE', 'PERSIST', 'EVADE', 'EXFIL', 'LATERAL_MOVE'];
const WORTH_A_LOOK = ['medium', 'high', 'critical'];

describe('the calls of Pacu', () => {
  test('are 361, and each is mapped to an IAM action', () => {
    expect(calls).toHaveLength(361);
    const unmapped = calls.filter(([, , source, name]) => knownCall(source, name).actions.length === 0);
    expect(unmapped).toEqual([]);
  });

  test('have a technique and at least a medium risk where they change something, but for the listed exceptions', () => {
    const lacking = new Map<string, readonly string[]>();
    for (const [, category, source, name, mutating] of calls) {
      if (!mutating || !HARMFUL.includes(category)) continue;
      const lacks = lacksOf(source, name);
      if (lacks.length > 0) lacking.set(`${source}:${withoutApiVersion(name)}`, lacks);
    }
    const listed = exceptions.map((row) => [`${row.eventSource}:${row.eventName}`, row.lacks] as const);
    expect(new Map([...lacking].sort())).toEqual(new Map(listed));
  });
});

function lacksOf(eventSource: string, eventName: string): string[] {
  const { threat, risk } = knownCall(eventSource, eventName);
  return [
    ...(threat?.ecs === undefined ? ['technique'] : []),
    ...(WORTH_A_LOOK.includes(risk.level) ? [] : ['risk']),
  ];
}
