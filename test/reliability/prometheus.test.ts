import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { makeToken } from '../../src/http/tokens.ts';
import { type Service, startService } from '../../src/service.ts';

const has = (command: string) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
const example = readFileSync(new URL('../../examples/escalation.ndjson', import.meta.url), 'utf8');

const deployed = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url));

// Playing them takes seconds, which the main suite has not.
test.skipIf(!has('promtool'))('promtool plays every alert', () => {
  execFileSync('promtool', ['check', 'rules', 'detrails.rules.yml'], { cwd: deployed });
  execFileSync('promtool', ['test', 'rules', 'detrails.rules.test.yml'], { cwd: deployed });
  const tested = readFileSync(`${deployed}detrails.rules.test.yml`, 'utf8');
  for (const [, alert] of readFileSync(`${deployed}detrails.rules.yml`, 'utf8').matchAll(/alert: (\w+)/g))
    expect(tested, 'has a test that sees it fire').toContain(`alertname: ${alert}\n`);
});

describe.skipIf(!has('promtool') || !has('prometheus'))('Prometheus (needs its Debian package)', () => {
  const directory = mkdtempSync(`${tmpdir()}/prometheus-`);
  const token = makeToken('prometheus', ['metrics']);
  const sender = makeToken('sender', ['enrich', 'learn']);
  let service: Service;

  beforeAll(async () => {
    writeFileSync(`${directory}/tokens`, `${token.line}\n${sender.line}\n`);
    service = await startService(
      loadConfig({
        DETRAILS_PORT: '0',
        DETRAILS_LOG_LEVEL: 'silent',
        DETRAILS_TOKENS_FILE: `${directory}/tokens`,
      }),
    );
    const authorization = `Bearer ${sender.token}`;
    await fetch(`${service.url}/enrich/batch`, { method: 'POST', headers: { authorization }, body: example });
    await fetch(`${service.url}/enrich`, { method: 'POST', headers: { authorization }, body: '{}' });
  });
  afterAll(async () => {
    await service.stop('SIGINT');
    rmSync(directory, { recursive: true });
  });

  test('promtool finds nothing against a live scrape', async () => {
    const authorization = `Bearer ${token.token}`;
    const input = await (await fetch(`${service.url}/metrics`, { headers: { authorization } })).text();
    expect(execFileSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' })).toBe('');
  });

  test('scrapes the service with its token, and answers what was counted', async () => {
    const port = await freePort();
    writeFileSync(`${directory}/token`, token.token);
    writeFileSync(
      `${directory}/prometheus.yml`,
      `scrape_configs:
  - job_name: detrails
    scrape_interval: 500ms
    scrape_timeout: 400ms
    authorization: { credentials_file: ${directory}/token }
    static_configs: [{ targets: ['${new URL(service.url).host}'] }]
`,
    );
    const options = [`--config.file=${directory}/prometheus.yml`, `--storage.tsdb.path=${directory}/data`];
    const prometheus = spawn('prometheus', [...options, `--web.listen-address=127.0.0.1:${port}`], {
      stdio: 'ignore',
    });
    try {
      const query = async (expression: string): Promise<string | undefined> => {
        const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
        try {
          const answer = (await (await fetch(url)).json()) as {
            data: { result: { value: [number, string] }[] };
          };
          return answer.data.result[0]?.value[1];
        } catch {
          return undefined;
        }
      };
      let events: string | undefined;
      for (let i = 0; i < 150 && events === undefined; i++) {
        await wait(100);
        events = await query('sum(detrails_events_total{result="enriched"})');
      }
      expect(Number(events)).toBe(example.trim().split('\n').length);
      expect(await query('up{job="detrails"}')).toBe('1');
      expect(await query('detrails_events_total{result="not_cloudtrail"}')).toBe('1');
      expect(
        await query('histogram_quantile(0.5, sum by (le) (detrails_http_request_duration_seconds_bucket))'),
      ).toBeDefined();
    } finally {
      prometheus.kill('SIGKILL');
      await once(prometheus, 'exit');
    }
  }, 40_000);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
