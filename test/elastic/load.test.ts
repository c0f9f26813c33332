import { execFile, execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../elastic/load.sh', import.meta.url));
const FLEETS = 'GET /_index_template/logs-aws.cloudtrail';

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs load.sh against a stand-in for Elasticsearch, which has this index template, or none. */
async function load(template: object | undefined) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    asked.push(line);
    request.resume();
    if (line === FLEETS && template === undefined) response.statusCode = 404;
    response.end(JSON.stringify(line === FLEETS ? (template ?? { status: 404 }) : { acknowledged: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const env = { PATH: process.env['PATH'], ELASTICSEARCH_URL: `http://127.0.0.1:${port}` };
  const { code, complaint } = await new Promise<{ code: unknown; complaint: string }>((resolve) => {
    execFile('sh', [SCRIPT], { env }, (error, _out, stderr) =>
      resolve({ code: error?.code ?? 0, complaint: stderr }),
    );
  });
  server.close();
  return { code, complaint, put: asked.filter((line) => line.startsWith('PUT ')) };
}

const templateOf = (meta: object) => ({
  index_templates: [{ name: 'logs-aws.cloudtrail', index_template: { _meta: meta, priority: 200 } }],
});

describe.skipIf(!hasCurl())('elastic/load.sh', () => {
  test("replaces no template that has the name of Fleet's", async () => {
    const { code, put } = await load(undefined);
    expect(code).toBe(0);
    expect(put).toContain('PUT /_index_template/detrails-logs-aws.cloudtrail');
    expect(put).not.toContain('PUT /_index_template/logs-aws.cloudtrail');
  });

  test("loads nothing where Fleet's AWS integration is installed, and says so", async () => {
    const { code, complaint, put } = await load(
      templateOf({ package: { name: 'aws' }, managed_by: 'fleet', managed: true }),
    );
    expect(code).toBe(1);
    expect(put).toEqual([]);
    expect(complaint).toContain('AWS integration is installed');
  });

  test('loads beside a template of that name that is not of Fleet', async () => {
    const { code, put } = await load(templateOf({ description: 'our own' }));
    expect(code).toBe(0);
    expect(put).toHaveLength(5);
  });
});
