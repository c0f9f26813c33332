import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { allFields } from '../../scripts/elastic/elastic-files.ts';
import { valueAt } from '../../scripts/scenarios/expectation.ts';
import { readScenario, SCENARIOS, tellScenario } from '../../scripts/scenarios/run-scenario.ts';
import { arrayAt, isObject, type JsonObject, objectAt, textAt } from '../../src/event/json.ts';
import { newService } from '../scenarios/new-service.ts';

const FOLDER = new URL('../../elastic/detections/', import.meta.url);
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yml'),
);
const TECHNIQUES = read<readonly (readonly [id: string])[]>('attack-techniques').map(([id]) =>
  id.toLowerCase(),
);
const TACTICS = read<readonly (readonly [id: string, name: string])[]>('attack-tactics').map(([, name]) =>
  name.toLowerCase().replaceAll(' ', '-'),
);

function read<T>(table: string): T {
  return JSON.parse(
    readFileSync(new URL(`../../data/generated/${table}.json`, import.meta.url), 'utf8'),
  ) as T;
}

/** The rules of a file: one, or a correlation after the calls that it counts. */
function rulesOf(file: string): readonly JsonObject[] {
  return parseAllDocuments(readFileSync(new URL(file, FOLDER), 'utf8')).map(
    (document) => document.toJS() as JsonObject,
  );
}

const texts = (object: JsonObject | undefined, name: string): readonly string[] =>
  (arrayAt(object, name) ?? []).map(String);

function fieldsOf(rule: JsonObject): readonly string[] {
  const selections = Object.values(objectAt(rule, 'detection') ?? {})
    .flat()
    .filter(isObject);
  const correlation = objectAt(rule, 'correlation');
  const counted = textAt(objectAt(correlation, 'condition'), 'field');
  const names = selections.flatMap((selection) => Object.keys(selection));
  return [...names, ...texts(correlation, 'group-by'), ...(counted === undefined ? [] : [counted])].map(
    (name) => name.split('|')[0] as string,
  );
}

/** Characters of an event in which Splunk looks for fields: limits.conf, [spath] extraction_cutoff. */
const SPLUNK_CUTOFF = 5000;

/** Where the field ends in the JSON of the object, with the brackets that it stands in; 0 where it is not there. */
function endOf(object: object, field: string): number {
  return valueAt(object, field) === undefined ? 0 : JSON.stringify(upTo(object, field.split('.'))).length;
}

function upTo(object: object, [name, ...rest]: readonly string[]): object {
  const entries = Object.entries(object);
  const kept = entries.slice(0, entries.findIndex(([key]) => key === name) + 1);
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === name && rest.length > 0 ? upTo(value as object, rest) : value]),
  );
}

describe('the detections', () => {
  test.each(FILES)('%s asks for fields of the index only', (file) => {
    const fields = allFields();
    const isKnown = (field: string): boolean => {
      if (fields.has(field)) return true;
      const flattened = [...fields].filter(([, type]) => type === 'flattened').map(([path]) => path);
      return flattened.some((path) => field.startsWith(`${path}.`));
    };
    const asked = rulesOf(file).flatMap(fieldsOf);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((field) => !isKnown(field))).toEqual([]);
  });

  test.each(FILES)('%s asks Splunk for no name that only the ingest pipeline gives', (file) => {
    const pipeline = parse(readFileSync(new URL('../splunk-pipeline.yml', FOLDER), 'utf8')) as JsonObject;
    const [plain, prefixes] = (arrayAt(pipeline, 'transformations') ?? [])
      .filter(isObject)
      .map((one) => Object.keys(objectAt(one, 'mapping') ?? {}));
    const isNamed = (field: string): boolean =>
      /^(detrails|threat|related)\./.test(field) ||
      plain?.includes(field) === true ||
      prefixes?.some((prefix) => field.startsWith(`${prefix}.`)) === true;
    expect(
      rulesOf(file)
        .flatMap(fieldsOf)
        .filter((field) => !isNamed(field)),
    ).toEqual([]);
  });

  test('ask for fields that stand where Splunk looks for them by default', async () => {
    const asked = FILES.flatMap(rulesOf)
      .flatMap(fieldsOf)
      .filter((field) => /^(detrails|threat)\./.test(field));
    const beyond = new Set<string>();
    for (const name of SCENARIOS) {
      const told = await tellScenario(readScenario(name), newService());
      for (const { answer } of told.values()) {
        const { threat, ...detrails } = answer;
        // The order in which logstash-pipelines/outputs/splunk-hec.conf puts them.
        const event = { ...(threat !== undefined && { threat }), detrails };
        for (const field of asked) if (endOf(event, field) > SPLUNK_CUTOFF) beyond.add(field);
      }
    }
    expect([...beyond]).toEqual([]);
  });

  test.each(FILES)('%s says what it is, in which techniques of ATT&CK, and when it is wrong', (file) => {
    const rule = rulesOf(file).at(-1);
    for (const name of ['title', 'id', 'description', 'level', 'author', 'date', 'status']) {
      expect(rule?.[name], name).toBeDefined();
    }
    // Converters write one of their own where there is none (pySigma: DRL).
    for (const part of rulesOf(file)) expect(textAt(part, 'license')).toBe('Apache-2.0');
    expect(texts(rule, 'falsepositives').length).toBeGreaterThan(0);
    expect(texts(rule, 'references').length).toBeGreaterThan(0);
    const tags = texts(rule, 'tags').map((tag) => tag.replace('attack.', ''));
    expect(tags.length).toBeGreaterThan(1);
    expect(tags.filter((tag) => !TECHNIQUES.includes(tag) && !TACTICS.includes(tag))).toEqual([]);
  });

  test('each have a step of a scenario that must trigger them, and an id of their own', () => {
    const named = new Set(
      SCENARIOS.flatMap((name) => readScenario(name).expected.steps.flatMap((step) => step.detections)),
    );
    const names = FILES.map((file) => file.replace(/^bursts\//, '').replace(/\.yml$/, ''));
    expect(names.toSorted()).toEqual([...named].toSorted());
    const ids = FILES.flatMap(rulesOf).map((rule) => textAt(rule, 'id'));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each([
    ['qWeRtYuIoPaSdFgHjKlZ', true],
    ['GitHubActionsDeployment', false],
    ['nightly', false],
  ])(
    'a session name of twenty letters is told where a pattern is anchored and where it is not: %s',
    (name, told) => {
      const detection = objectAt(rulesOf('random-session-name.yml')[0], 'detection');
      const patternOf = (part: string) =>
        textAt(objectAt(detection, part), 'aws.cloudtrail.user_identity.arn|re') ?? '';
      const arn = `arn:aws:sts::111122223333:assumed-role/Deploy/${name}`;
      for (const anchored of [(pattern: string) => `^(?:${pattern})$`, (pattern: string) => pattern]) {
        const isMet = (part: string) => new RegExp(anchored(patternOf(part))).test(arn);
        expect(isMet('selection') && !isMet('longer')).toBe(told);
      }
    },
  );

  test('stand in the README, each with its level', () => {
    const readme = readFileSync(new URL('../README.md', FOLDER), 'utf8');
    for (const file of FILES) {
      expect(readme).toContain(`(detections/${file}) | ${textAt(rulesOf(file).at(-1), 'level')} |`);
    }
  });
});
