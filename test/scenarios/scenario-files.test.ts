import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readScenario, SCENARIOS } from '../../scripts/scenarios/run-scenario.ts';
import { scenarioFiles } from '../../scripts/scenarios/scenario-files.ts';
import { objectAt, textAt } from '../../src/event/json.ts';

const DOCUMENTATION_ADDRESS = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/;
const PRIVATE_ADDRESS = /^10\.20\.30\.\d+$/;
const SERVICE_NAME = /^[a-z0-9-]+\.amazonaws\.com$/;
const DOCUMENTATION_ACCOUNTS = new Set(['111122223333', '444455556666', '999988887777']);
const SHOWN_FAKE = /^A(KIA|SIA|IDA|ROA)\w*EXAMPLE\w*$/;

describe('the files of the scenarios', () => {
  test('are what their stories make', () => {
    for (const { name, text } of scenarioFiles()) {
      const file = readFileSync(new URL(`../../examples/scenarios/${name}`, import.meta.url), 'utf8');
      expect(file === text, `${name}: run npm run scenarios`).toBe(true);
    }
  });

  test.each(SCENARIOS)('%s names each event once, and expects only of events that it has', (name) => {
    const { events, expected } = readScenario(name);
    const ids = events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = expected.steps.flatMap((step) => step.events.map(({ event_id }) => event_id));
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test.each(SCENARIOS)('%s holds no address, account or key of anyone', (name) => {
    const { events } = readScenario(name);
    for (const { record, text } of events) {
      const address = textAt(record, 'sourceIPAddress') ?? '';
      const known = [DOCUMENTATION_ADDRESS, PRIVATE_ADDRESS, SERVICE_NAME].some((form) => form.test(address));
      expect(known, address).toBe(true);
      for (const [account] of text.matchAll(/(?<![\w-])\d{12}(?![\w-])/g)) {
        expect(DOCUMENTATION_ACCOUNTS, account).toContain(account);
      }
      for (const [id] of text.matchAll(/(?<!\w)A(KIA|SIA|IDA|ROA)[A-Z0-9]{12,}/g))
        expect(id).toMatch(SHOWN_FAKE);
    }
  });

  test('come out of order where CloudTrail delivers late, and never by more than fifteen minutes', () => {
    const times = readScenario('pacu').events.map(({ record }) =>
      Date.parse(textAt(record, 'eventTime') ?? ''),
    );
    const lateness = times.map((time, index) => Math.max(...times.slice(0, index + 1)) - time);
    expect(lateness.filter((late) => late > 0).length).toBeGreaterThan(10);
    expect(Math.max(...lateness)).toBeLessThan(900_000);
  });

  test('show a call into another account in both accounts, under one sharedEventID', () => {
    for (const name of ['privilege-escalation', 'pacu']) {
      const shared = readScenario(name).events.filter(({ record }) => textAt(record, 'sharedEventID'));
      expect(shared).toHaveLength(2);
      const [one, other] = shared.map(({ record }) => record);
      expect(textAt(one, 'sharedEventID')).toBe(textAt(other, 'sharedEventID'));
      expect(textAt(one, 'recipientAccountId')).not.toBe(textAt(other, 'recipientAccountId'));
      const types = shared.map(({ record }) => textAt(objectAt(record, 'userIdentity'), 'type'));
      expect(types).toContain('AWSAccount');
    }
  });
});
