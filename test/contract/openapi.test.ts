import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { corpusLines, hasCorpora } from '../../harness/corpora.ts';
import { MAPPINGS } from '../../src/action/identify-action.ts';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { PROBLEMS } from '../../src/errors.ts';
import { isObject, objectAt } from '../../src/event/json.ts';
import { CREDENTIAL_KINDS, EXPIRES_BASES } from '../../src/session/claim.ts';
import {
  ORIGIN_CONFIDENCES,
  ORIGIN_JOINS,
  ORIGIN_STATUSES,
  UNKNOWN_REASONS,
} from '../../src/session/origin.ts';
import { SOURCE_KINDS } from '../../src/session/source-address.ts';
import { BASELINES, SOURCE_SEVERITIES, SOURCE_VERDICTS } from '../../src/session/source-verdicts.ts';
import { CALL_OUTCOMES } from '../../src/tables/error-outcomes.ts';
import { CLOUDSPLAINING_CATEGORIES, SEVERITIES } from '../../src/tables/policy-tables.ts';
import { testService } from '../service.ts';

const service = testService();
const file = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8');
const contract = parse(file);
const example = readFileSync(new URL('../../examples/escalation.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** The schema that openapi.yaml gives for one answer of one route. */
function validator(path: string, method: string, status: number) {
  const { content } = contract.paths[path][method].responses[status];
  const { schema } = content['application/json'] ?? content['application/problem+json'];
  return new Ajv({ strict: false }).compile({ ...schema, components: contract.components });
}

/** The properties below a part of the contract that say nothing of what they hold; a reference says it itself. */
function undescribed(part: unknown, path: string): readonly string[] {
  if (!isObject(part)) return Array.isArray(part) ? part.flatMap((item) => undescribed(item, path)) : [];
  const fields = part['type'] === 'object' ? Object.entries(objectAt(part, 'properties') ?? {}) : [];
  const silent = fields.filter(([, field]) => isObject(field) && !field['description'] && !field['$ref']);
  return [
    ...silent.map(([name]) => `${path}.${name}`),
    ...Object.entries(part).flatMap(([name, inner]) => undescribed(inner, `${path}.${name}`)),
  ];
}

describe('openapi.yaml', () => {
  test('is what the routes say (npm run openapi)', () => {
    expect(service.app.swagger({ yaml: true })).toBe(file);
  });

  test('describes every field of every answer, and every answer', () => {
    expect(undescribed(contract.components.schemas, 'schemas')).toEqual([]);
    for (const [path, methods] of Object.entries<Record<string, { responses: object }>>(contract.paths)) {
      for (const { responses } of Object.values(methods)) {
        expect(undescribed(responses, path)).toEqual([]);
        for (const { description } of Object.values(responses)) {
          expect(description).not.toBe('Default Response');
        }
      }
    }
  });

  test('tells of pages of other sites where a route does more than read', () => {
    const told = Object.values(contract.paths).flatMap((methods) =>
      Object.entries(methods as Record<string, { responses: Record<string, { description: string }> }>)
        .filter(([, { responses }]) => responses[403] !== undefined)
        .map(([method, { responses }]) => [method, responses[403]?.description.includes('another site')]),
    );
    expect(told.length).toBeGreaterThan(6);
    expect(told).toEqual(told.map(([method]) => [method, method === 'post']));
  });

  test.each([
    ['origin.status', ORIGIN_STATUSES],
    ['origin.join', ORIGIN_JOINS],
    ['origin.confidence', ORIGIN_CONFIDENCES],
    ['origin.reason', UNKNOWN_REASONS],
    ['origin.credential.kind', CREDENTIAL_KINDS],
    ['origin.credential.expires_basis', EXPIRES_BASES],
    ['origin.source.kind', SOURCE_KINDS],
    ['source_check.verdict', SOURCE_VERDICTS],
    ['source_check.severity', SOURCE_SEVERITIES],
    ['source_check.baseline', BASELINES],
    ['action.mapping', MAPPINGS],
    ['action.outcome', CALL_OUTCOMES],
    ['threat.framework', ['MITRE ATT&CK']],
    ['problems.code', Object.keys(PROBLEMS)],
  ])('lists the values of %s', (path, values) => {
    const field = path
      .split('.')
      .reduce(
        (schema, name) => (schema.items ?? schema).properties[name],
        contract.components.schemas.Enrichment,
      );
    expect(field.enum).toEqual(values);
  });

  test('lists what a probe answers', () => {
    const statuses = ['/livez', '/healthz', '/readyz'].map((path) => {
      const { content } = contract.paths[path].get.responses[200];
      return content['application/json'].schema.properties.status.enum;
    });
    expect(statuses).toEqual([['ok'], ['ok'], ['ready']]);
  });

  test("lists Cloudsplaining's categories, and the severities that each may have", () => {
    const { schema } = contract.paths['/policies/analyze'].post.responses[200].content['application/json'];
    const { analysis } = (schema.$ref ? contract.components.schemas.PolicyAnalysis : schema).properties;
    const { severity } = analysis.anyOf[1].properties;
    expect(severity.required).toContain('assumable_by_any_principal');
    expect(severity.required).toHaveLength(CLOUDSPLAINING_CATEGORIES.length);
    expect(Object.keys(severity.properties)).toEqual(severity.required);
    for (const { enum: values } of Object.values<{ enum: unknown }>(severity.properties))
      expect(values).toEqual(SEVERITIES);
  });

  test('says the type of every list of values, for clients in languages that have types', () => {
    const untyped: string[] = [];
    const walk = (part: unknown, path: string): void => {
      if (typeof part !== 'object' || part === null) return;
      const { enum: values, type } = part as { enum?: unknown; type?: unknown };
      if (Array.isArray(values) && type === undefined) untyped.push(path);
      for (const [name, inner] of Object.entries(part)) walk(inner, `${path}/${name}`);
    };
    walk(contract, '');
    const isCondition = (path: string): boolean => /\/(if|not)\//.test(path);
    expect(untyped.filter((path) => !isCondition(path))).toEqual([]);
  });

  test('tells clients to send all of a record, and names it once', () => {
    const { CloudTrailRecord } = contract.components.schemas;
    expect(CloudTrailRecord.additionalProperties).toBe(true);
    expect(file.match(/title: CloudTrailRecord$/gm)).toHaveLength(1);
    expect(contract.paths['/enrich'].post.requestBody.content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/EnrichRequest',
    });
  });

  test('asks for a policy by one object, whose fields can all be named', () => {
    const { content } = contract.paths['/policies/analyze'].post.requestBody;
    const { schema, example } = content['application/json'];
    expect([schema.anyOf, schema.oneOf, schema.allOf]).toEqual([undefined, undefined, undefined]);
    const isRequest = new Ajv({ strict: false }).compile(schema);
    const { policy } = example;
    expect(
      [
        { policy },
        { policy, kind: 'resource' },
        { policy, kind: 'trust', mode: 'cloudsplaining' },
        { policy: {}, mode: 'cloudsplaining' },
        { policy, mode: 'cloudsplaining', flag_all: true },
        { policy, kind: 'resource', flag_all: false },
        { policy: {} },
        { policy, kind: 'resource', mode: 'cloudsplaining' },
        { policy: {}, mode: 'effective' },
        { policy, flag_all: true },
        { policy, kind: 'trust', mode: 'cloudsplaining', flag_all: true },
      ].map((request) => isRequest(request)),
    ).toEqual([true, true, true, true, true, true, false, false, false, false, false]);
  });

  test('shows an answer of /enrich that is given', async () => {
    const { examples } = contract.paths['/enrich'].post.responses[200].content['application/json'];
    const { tables: _day, ...shown } = examples.assumed_role.value;
    const payload = readFileSync(new URL('../../examples/assume-role.json', import.meta.url), 'utf8');
    const fresh = await buildApp(createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' })));
    const { tables: _today, ...given } = (
      await fresh.inject({ method: 'POST', url: '/enrich', payload })
    ).json();
    await fresh.close();
    expect(given).toEqual(shown);
  });

  test('describes every answer of /enrich', async () => {
    const isEnrichment = validator('/enrich', 'post', 200);
    for (const payload of [...example, ...(hasCorpora ? corpusLines() : [])]) {
      const response = await service.app.inject({ method: 'POST', url: '/enrich', payload });
      const answer = response.json();
      if (!isEnrichment(answer))
        expect.fail(`${isEnrichment.errors?.[0]?.instancePath} ${isEnrichment.errors?.[0]?.message}`);
    }
  });

  test('describes every answer of /enrich/batch, merged and in error', async () => {
    const isBatch = validator('/enrich/batch', 'post', 200);
    for (const output of ['enrichment', 'merged']) {
      const payload = `[${example.join(',')},{},x]`;
      const response = await service.app.inject({
        method: 'POST',
        url: `/enrich/batch?output=${output}`,
        payload,
      });
      expect(isBatch(response.json())).toBe(true);
    }
  });

  const calls: readonly {
    method: 'GET' | 'POST';
    url: string;
    path: string;
    status: number;
    payload?: string;
  }[] = [
    { method: 'POST', url: '/enrich', path: '/enrich', status: 400, payload: '{}' },
    { method: 'POST', url: '/enrich/batch', path: '/enrich/batch', status: 400, payload: '' },
    { method: 'POST', url: '/sessions', path: '/sessions', status: 200, payload: example.join('\n') },
    { method: 'GET', url: '/sessions/ASIAIOSFODNN7BACKUP1', path: '/sessions/{accessKeyId}', status: 200 },
    { method: 'GET', url: '/sessions/%ff', path: '/sessions/{accessKeyId}', status: 400 },
    { method: 'GET', url: '/sessions/ASIA', path: '/sessions/{accessKeyId}', status: 404 },
    { method: 'GET', url: '/actions/ec2/RunInstances', path: '/actions/{service}/{name}', status: 200 },
    { method: 'GET', url: '/actions/ec2/%ff', path: '/actions/{service}/{name}', status: 400 },
    { method: 'GET', url: '/actions/ec2/Nothing', path: '/actions/{service}/{name}', status: 404 },
    { method: 'GET', url: '/livez', path: '/livez', status: 200 },
    { method: 'GET', url: '/readyz', path: '/readyz', status: 200 },
  ];
  test.each(calls)(
    'describes the answer to $method $url',
    async ({ method, url, path, status, payload = '' }) => {
      const response = await service.app.inject({ method, url, ...(method === 'POST' && { payload }) });
      expect(response.statusCode).toBe(status);
      const isDescribed = validator(path, method.toLowerCase(), status);
      expect(isDescribed(response.json()) || isDescribed.errors).toBe(true);
    },
  );

  test('says something of every route, and every parameter', () => {
    for (const [path, methods] of Object.entries(
      contract.paths as Record<string, Record<string, { summary?: string; tags?: string[] }>>,
    )) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
        expect(operation.tags, `${method} ${path}`).toHaveLength(1);
      }
    }
  });

  test('has an example for every body and every path parameter, and every one works', async () => {
    const walked: string[] = [];
    for (const [path, operations] of Object.entries<Record<string, Operation>>(contract.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        for (const payload of examplesOf(operation)) {
          const url = pathWithExamples(path, operation);
          const name = `${method} ${url}`;
          const response = await service.app.inject({
            method: method.toUpperCase() as 'GET' | 'POST',
            url,
            ...(payload !== undefined && { payload }),
          });
          expect(response.statusCode, name).toBe(200);
          if (
            String(response.headers['content-type']).startsWith('application/json') &&
            path !== '/openapi.json'
          ) {
            const isDescribed = validator(path, method, 200);
            expect(isDescribed(response.json()) || isDescribed.errors, name).toBe(true);
          }
          walked.push(name);
        }
      }
    }
    expect(walked.length).toBeGreaterThanOrEqual(12);
  });
});

interface Media {
  readonly example?: unknown;
  readonly schema?: { readonly $ref?: string };
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly example?: string }[];
  readonly requestBody?: { readonly content: Record<string, Media> };
}

/** The bodies to send: the example of every media type, or of its component; `undefined` for a call without a body. */
function examplesOf({ requestBody }: Operation): (string | undefined)[] {
  if (requestBody === undefined) return [undefined];
  return Object.values(requestBody.content)
    .map(({ example, schema }) => example ?? componentOf(schema?.$ref)?.examples?.[0])
    .filter((example) => example !== undefined)
    .map((example) => (typeof example === 'string' ? example : JSON.stringify(example)));
}

function componentOf(reference = ''): { readonly examples?: readonly unknown[] } | undefined {
  return contract.components.schemas[reference.split('/').at(-1) ?? ''];
}

function pathWithExamples(path: string, { parameters = [] }: Operation): string {
  return path.replace(/\{(\w+)\}/g, (_whole, name) => {
    const example = parameters.find((parameter) => parameter.name === name)?.example;
    if (example === undefined) throw new Error(`${path} has no example for ${name}`);
    return example;
  });
}
