import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';

/** Decisions that scripts and tests read, and the service does not: nothing else holds them to their schema. */
const DECISIONS = [
  ['attack-events', 'attack-decisions'],
  ['risk-overrides', 'risk-overrides'],
  ['escalation-methods', 'escalation-decisions'],
  ['pacu-exceptions', 'pacu-exceptions'],
] as const;

describe('decisions made by hand', () => {
  test.each(DECISIONS)('%s.json is written as %s.json says', (table, schema) => {
    const ajv = new Ajv({ allowUnionTypes: true });
    const validate = ajv.compile(readJson(`schema/${schema}`) as object);
    validate(readJson(`curated/${table}`));
    expect(validate.errors ?? []).toEqual([]);
  });
});

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../data/${path}.json`, import.meta.url), 'utf8'));
}
