import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ecsDocument } from '../../scripts/elastic/ecs-document.ts';
import { allFields, elasticFiles } from '../../scripts/elastic/elastic-files.ts';
import { answerFields } from '../../scripts/elastic/field-types.ts';
import { readScenario, SCENARIOS, tellScenario } from '../../scripts/scenarios/run-scenario.ts';
import { EnrichmentSchema } from '../../src/enrichment/enrichment.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../../src/event/json.ts';
import { newService } from '../scenarios/new-service.ts';

const file = (name: string): string =>
  readFileSync(new URL(`../../elastic/${name}`, import.meta.url), 'utf8');

/** The leaves of a mapping: path and type. */
function mappedFields(mappings: JsonObject, path = ''): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, property] of Object.entries(objectAt(mappings, 'properties') ?? {})) {
    if (!isObject(property)) continue;
    const at = path === '' ? name : `${path}.${name}`;
    const type = textAt(property, 'type');
    if (type !== undefined) fields.set(at, type);
    for (const [inner, innerType] of mappedFields(property, at)) fields.set(inner, innerType);
  }
  return fields;
}

/** The leaves of the answer's schema, found without the code that makes the template. */
function schemaLeaves(schema: JsonObject, path: string): readonly string[] {
  const properties = objectAt(schema, 'properties');
  if (properties === undefined) return [path];
  return Object.entries(properties).flatMap(([name, property]) =>
    schemaLeaves(property as JsonObject, path === '' ? name : `${path}.${name}`),
  );
}

describe('the component template', () => {
  test('is what the answer’s schema makes', () => {
    for (const { name, text } of elasticFiles())
      expect(file(name) === text, `${name}: run npm run elastic`).toBe(true);
  });

  test('holds every field that an answer can hold', () => {
    const template = JSON.parse(file('component-template.json')) as JsonObject;
    const mapped = mappedFields(objectAt(objectAt(template, 'template'), 'mappings') ?? {});
    const leaves = schemaLeaves(EnrichmentSchema as unknown as JsonObject, '').map((leaf) =>
      /^(threat|related)\./.test(leaf) ? leaf : `detrails.${leaf}`,
    );
    expect(leaves.length).toBeGreaterThan(70);
    expect(leaves.filter((leaf) => !mapped.has(leaf))).toEqual([]);
  });

  test('maps nothing of detrails by what comes', () => {
    const template = JSON.parse(file('component-template.json')) as JsonObject;
    const mappings = objectAt(objectAt(template, 'template'), 'mappings');
    expect(objectAt(objectAt(mappings, 'properties'), 'detrails')?.['dynamic']).toBe(false);
  });

  test('has an address type only where an address always stands', () => {
    const addresses = [...answerFields()].filter(([, type]) => type === 'ip').map(([path]) => path);
    expect(addresses).toEqual(['detrails.origin.source.ip', 'related.ip']);
  });

  test('holds every field of every document that the scenarios become', async () => {
    const fields = allFields();
    const unknown = new Set<string>();
    for (const name of SCENARIOS) {
      const told = await tellScenario(readScenario(name), newService());
      for (const { event, answer } of told.values()) {
        for (const path of leavesOf(ecsDocument(event.record, answer), fields)) unknown.add(path);
      }
    }
    expect([...unknown]).toEqual([]);
  });
});

function leavesOf(value: unknown, fields: ReadonlyMap<string, string>, path = ''): readonly string[] {
  if (path !== '' && fields.has(path)) return [];
  if (!isObject(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, fields, path === '' ? name : `${path}.${name}`),
  );
}
