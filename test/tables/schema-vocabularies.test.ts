import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KnownPlugin, OptionType } from '../../scripts/logstash/known-plugins.ts';
import { ACCESS_LEVELS } from '../../src/tables/action-table.ts';
import { THREAT_BASES } from '../../src/tables/ecs-threat.ts';
import { CALL_OUTCOMES, type ErrorOutcomeRow } from '../../src/tables/error-outcomes.ts';
import { TELLING_FIELDS } from '../../src/tables/failed-events.ts';
import type { HostingNetworkRow } from '../../src/tables/network-table.ts';
import {
  type LifetimeRule,
  POLICY_KINDS,
  POLICY_OPERATIONS,
  type PolicyEventRule,
} from '../../src/tables/policy-events.ts';
import {
  CLOUDSPLAINING_CATEGORIES,
  type ConditionKey,
  POLICY_MODES,
  SEVERITIES,
  type ValueForm,
} from '../../src/tables/policy-tables.ts';
import { RISK_CATEGORIES, RISK_LEVELS } from '../../src/tables/risk-table.ts';
import type { TellingCallRow } from '../../src/tables/telling-calls.ts';

/** The values of a type that has no list: the compiler asks for each of them, and for no other. */
const valuesOf = <Value extends string>(values: Readonly<Record<Value, true>>) => Object.keys(values);

const LIFETIME_OPERATIONS = valuesOf<LifetimeRule['operation']>({ end: true, rename: true });

/** Every list of values in data/schema, by its place there, and the same as the code knows it. */
const VOCABULARIES: Readonly<Record<string, readonly string[]>> = {
  'access-level-overrides /items/properties/accessLevel': ACCESS_LEVELS,
  'actions /items/items/2': ACCESS_LEVELS,
  'attack-events /items/items/2': THREAT_BASES.filter((basis) => basis !== 'rule'),
  'cloudsplaining /properties/severity/propertyNames': CLOUDSPLAINING_CATEGORIES,
  'cloudsplaining /properties/severity/additionalProperties': SEVERITIES,
  'condition-keys /items/properties/form': valuesOf<ValueForm>({
    address: true,
    arn: true,
    id: true,
    organization_path: true,
    service: true,
    unique_id: true,
    provider: true,
  }),
  'condition-keys /items/properties/limits': valuesOf<ConditionKey['limits']>({
    principal: true,
    service: true,
    network: true,
    session: true,
    target: true,
  }),
  'credential-actions /items/properties/modes/items': POLICY_MODES,
  'error-outcomes /items/properties/match': valuesOf<ErrorOutcomeRow['match']>({
    exact: true,
    contains: true,
  }),
  'error-outcomes /items/properties/outcome': CALL_OUTCOMES.filter((outcome) => outcome !== 'success'),
  'failed-events /items/properties/field': TELLING_FIELDS,
  'exfiltration-actions /items/properties/modes/items': POLICY_MODES,
  'hosting-networks /items/properties/kind': valuesOf<HostingNetworkRow['kind']>({
    aws: true,
    hosting: true,
  }),
  'logstash-plugins /items/properties/kind': valuesOf<KnownPlugin['kind']>({
    input: true,
    filter: true,
    output: true,
    codec: true,
  }),
  'logstash-plugins /items/properties/options/additionalProperties/anyOf/0': valuesOf<
    Extract<OptionType, string>
  >({
    string: true,
    number: true,
    boolean: true,
    array: true,
    hash: true,
    any: true,
  }),
  'pacu-exceptions /items/properties/lacks/items': ['technique', 'risk'],
  'policy-escalations /items/properties/modes/items': POLICY_MODES,
  'policy-events /items/properties/operation': [...POLICY_OPERATIONS, ...LIFETIME_OPERATIONS],
  'policy-events /items/allOf/0/if/properties/operation': LIFETIME_OPERATIONS,
  'policy-events /items/properties/kind': POLICY_KINDS,
  'policy-events /items/properties/effective/oneOf/0': valuesOf<
    Extract<PolicyEventRule['effective'], string>
  >({
    always: true,
    never: true,
  }),
  'risk-actions /items/items/1': RISK_LEVELS,
  'risk-actions /items/items/2/items': RISK_CATEGORIES,
  'risk-events /items/properties/level': RISK_LEVELS,
  'risk-events /items/properties/categories/items': RISK_CATEGORIES,
  'risk-levels /items/properties/accessLevels/items': ACCESS_LEVELS,
  'risk-levels /items/properties/level': RISK_LEVELS,
  'risk-levels /items/properties/categories/items': RISK_CATEGORIES,
  'risk-overrides /items/properties/level': RISK_LEVELS,
  'risk-overrides /items/properties/categories/items': RISK_CATEGORIES,
  'sdk-actions /items/items/2': ACCESS_LEVELS,
  'telling-calls /items/properties/elements': valuesOf<NonNullable<TellingCallRow['elements']>>({
    every: true,
    none: true,
  }),
  'telling-calls /items/properties/less/properties/level': RISK_LEVELS,
  'telling-calls /items/properties/less/properties/categories/items': RISK_CATEGORIES,
  'telling-calls /items/properties/more/properties/level': RISK_LEVELS,
  'telling-calls /items/properties/more/properties/categories/items': RISK_CATEGORIES,
};

const DIRECTORY = new URL('../../data/schema/', import.meta.url);

function* enumsOf(schema: unknown, place: string): Generator<[string, string[]]> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'enum') yield [place, value];
    else yield* enumsOf(value, `${place}/${key}`);
  }
}

describe('the schemas of the tables know the same values as the code', () => {
  const files = readdirSync(DIRECTORY).filter((file) => file.endsWith('.json'));
  const enums = Object.fromEntries(
    files.flatMap((file) => [
      ...enumsOf(JSON.parse(readFileSync(new URL(file, DIRECTORY), 'utf8')), `${file.slice(0, -5)} `),
    ]),
  );

  test.each(Object.entries(VOCABULARIES))('at %s', (place, values) => {
    expect(enums[place]?.toSorted()).toEqual(values.toSorted());
  });

  test('every list of values in them is compared', () => {
    expect(Object.keys(enums).filter((place) => !(place in VOCABULARIES))).toEqual([]);
  });
});
