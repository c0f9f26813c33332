import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startServiceProcess } from '../harness/service-process.ts';
import { makeToken } from '../src/http/tokens.ts';
import { SCOPES } from '../src/scopes.ts';

/**
 * schemathesis, all its checks, against openapi.yaml as a live service gives it: once where no credential is asked for
 * and once with tokens. It comes from PyPI into an environment of its own, so it needs python3 and the network the
 * first time. Exits 1 where a check fails, 3 where schemathesis cannot be had. `npm run test:schemathesis --
 * [EXAMPLES]`
 */
const VERSION = '4.32.5';
const ENVIRONMENT = fileURLToPath(new URL('../node_modules/.cache/schemathesis', import.meta.url));
const examples = process.argv[2] ?? '100';
const directory = mkdtempSync(`${tmpdir()}/schemathesis-`);
const { token, line } = makeToken('schemathesis', SCOPES);
writeFileSync(`${directory}/tokens`, line);

if (!install()) {
  console.error('schemathesis cannot be installed: it needs python3 with venv, and PyPI');
  process.exit(3);
}
const open = await check({}, []);
const guarded = await check({ DETRAILS_TOKENS_FILE: `${directory}/tokens` }, [
  '-H',
  `Authorization: Bearer ${token}`,
]);
rmSync(directory, { recursive: true });
process.exitCode = open && guarded ? 0 : 1;

function install(): boolean {
  if (existsSync(`${ENVIRONMENT}/bin/schemathesis`)) return true;
  return (
    run('python3', ['-m', 'venv', ENVIRONMENT]) === 0 &&
    run(`${ENVIRONMENT}/bin/pip`, ['install', '--quiet', `schemathesis==${VERSION}`]) === 0
  );
}

async function check(environment: Record<string, string>, options: readonly string[]): Promise<boolean> {
  const service = await startServiceProcess({ environment: { DETRAILS_LOG_LEVEL: 'info', ...environment } });
  const url = `${service.url}/openapi.json`;
  const status = run(
    `${ENVIRONMENT}/bin/schemathesis`,
    ['run', url, '--checks', 'all', '--max-examples', examples, '--continue-on-failure', ...options],
    directory,
  );
  service.child.kill('SIGINT');
  await service.ended;
  const errors = service.log.filter((entry) => entry.includes('"log.level":"error"'));
  for (const error of errors) console.error(error);
  return status === 0 && errors.length === 0;
}

function run(command: string, options: readonly string[], cwd?: string): number {
  const { status, error } = spawnSync(command, options, {
    stdio: 'inherit',
    ...(cwd !== undefined && { cwd }),
  });
  if (error !== undefined) console.error(error.message);
  return status ?? 1;
}
