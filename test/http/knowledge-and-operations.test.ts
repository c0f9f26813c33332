import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PHASE } from '../../src/http/service-context.ts';
import { testService } from '../service.ts';

const example = readFileSync(new URL('../../examples/create-policy-version.json', import.meta.url), 'utf8');
let time: number | undefined;
const service = testService({}, () => time ?? Date.now());
const get = (url: string) => service.app.inject({ url });

describe('what the tables say of an action', () => {
  test('is found without regard to case, with where it comes from', async () => {
    const response = await get('/actions/IAM/createpolicyversion');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      iam: 'iam:CreatePolicyVersion',
      access_level: 'Permissions management',
      resource_types: ['policy'],
      risk: {
        categories: expect.arrayContaining(['privilege_escalation']),
        methods: ['CreateNewPolicyVersion'],
      },
      sources: expect.arrayContaining([expect.objectContaining({ table: 'actions', licence: 'MIT' })]),
    });
  });

  test.each(['/actions/iam/NoSuchAction', '/actions/nosuch/CreateUser', '/actions/__proto__/constructor'])(
    '%s is 404',
    async (url) => {
      const response = await get(url);
      expect([response.statusCode, response.json().code]).toEqual([404, 'unknown_action']);
    },
  );
});

describe('probes, metrics and the contract', () => {
  test.each(['/livez', '/healthz', '/readyz'])('%s answers 200', async (url) => {
    expect((await get(url)).statusCode).toBe(200);
  });

  test('while draining the service is alive, not ready, and asks clients to leave after their answer', async () => {
    service.context.phase = PHASE.lingering;
    try {
      expect((await get('/livez')).statusCode).toBe(200);
      const ready = await get('/readyz');
      expect([ready.statusCode, ready.json().code, ready.headers['connection']]).toEqual([
        503,
        'not_ready',
        'close',
      ]);
      const answer = await service.app.inject({ method: 'POST', url: '/enrich', payload: example });
      expect([answer.statusCode, answer.headers['connection']]).toEqual([200, 'close']);
    } finally {
      service.context.phase = PHASE.serving;
    }
  });

  test('metrics count events by what was answered, and name nobody', async () => {
    await service.app.inject({ method: 'POST', url: '/enrich', payload: example });
    await service.app.inject({ method: 'POST', url: '/enrich', payload: '{}' });
    const { body, headers } = await get('/metrics');
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(body).toMatch(/detrails_events_total\{result="enriched"\} [1-9]/);
    expect(body).toContain('detrails_events_total{result="not_cloudtrail"} 1');
    expect(body).toMatch(/detrails_actions_total\{access_level="Permissions management"\} [1-9]/);
    expect(body).toMatch(/detrails_source_verdicts_total\{verdict="not_temporary"\} [1-9]/);
    expect(body).toMatch(/detrails_table_info\{table="actions",version="[^"]+"\} 1/);
    for (const secret of ['dev-intern', '111122223333', 'AKIA', '203.0.113'])
      expect(body).not.toContain(secret);
  });

  test("a table's age grows while the service runs", async () => {
    const ageAt = async (date: string) => {
      time = Date.parse(date);
      const { body } = await get('/metrics');
      return Number(/^detrails_table_age_seconds\{table="actions"\} (\d+)/m.exec(body)?.[1]);
    };
    try {
      const [first, later] = [await ageAt('2030-01-01T00:00:00Z'), await ageAt('2030-01-03T00:00:00Z')];
      expect(later - first).toBe(2 * 86_400);
    } finally {
      time = undefined;
    }
  });

  test('the contract is served as YAML and JSON, and documented at /docs', async () => {
    const yaml = await get('/openapi.yaml');
    expect(yaml.headers['content-type']).toContain('application/yaml');
    expect(parse(yaml.body)).toEqual((await get('/openapi.json')).json());
    expect(parse(yaml.body).paths['/enrich'].post).toBeDefined();
    const { headers } = await get('/docs/');
    expect(headers['content-type']).toContain('text/html');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy, 'a browser would ask for the scripts over TLS').not.toContain('upgrade');
  });

  test('a browser at the bare address is led to /docs, and nobody else', async () => {
    const page = await service.app.inject({ url: '/', headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([page.statusCode, page.headers['location']]).toEqual([302, '/docs']);
    expect((await get('/')).statusCode).toBe(404);
    const posted = await service.app.inject({ method: 'POST', url: '/', headers: { accept: 'text/html' } });
    expect(posted.statusCode).toBe(404);
  });

  test('an unknown path is 404, a known path with another method 405', async () => {
    expect((await get('/nothing')).json().code).toBe('not_found');
    expect((await get('/actions/iam/')).statusCode).toBe(404);
    const wrong = await service.app.inject({ method: 'DELETE', url: '/actions/iam/CreateUser' });
    expect([wrong.statusCode, wrong.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });
});
