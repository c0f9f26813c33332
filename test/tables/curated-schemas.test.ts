import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';

const DATA = new URL('../../data/', import.meta.url);

/** Decisions that scripts and tests read, and the service does not: nothing else holds them to their schema. */
const DECISIONS = [
  ['attack-events', 'attack-decisions'],
  ['risk-overrides', 'risk-overrides'],
  ['escalation-methods', 'escalation-decisions'],
  ['pacu-exceptions', 'pacu-exceptions'],
] as const;

/** These only repeat what their source says. */
const FACTS = ['cloudsplaining', 'logstash-plugins'];

describe('decisions made by hand', () => {
  test('have each a reason, by their schemas', () => {
    const schemas = new Map<string, string>(DECISIONS);
    const tables = readdirSync(new URL('curated/', DATA)).map((file) => file.replace(/\.json$/, ''));
    const without = tables.filter((table) => {
      const { items } = readJson(`schema/${schemas.get(table) ?? table}`) as {
        items?: { required: string[] };
      };
      return !items?.required.includes('reason');
    });
    expect(without).toEqual(FACTS);
  });

  test.each(DECISIONS)('%s.json is written as %s.json says', (table, schema) => {
    const ajv = new Ajv({ allowUnionTypes: true });
    const validate = ajv.compile(readJson(`schema/${schema}`) as object);
    validate(readJson(`curated/${table}`));
    expect(validate.errors ?? []).toEqual([]);
  });
});

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`${path}.json`, DATA), 'utf8'));
}
