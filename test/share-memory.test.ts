import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const LOADED = `
  import { createRequire } from 'node:module';
  const { loadConfig } = await import('./src/config.ts');
  const { createContext } = await import('./src/context.ts');
  createContext(loadConfig({}));
  const names = Object.keys(createRequire(import.meta.url).cache);
  console.log(JSON.stringify(['ajv', 'ioredis'].map((name) => names.some((path) => path.includes('/' + name + '/')))));
  process.exit();
`;

test("a service that shares nothing does not load Redis' driver", () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', LOADED], { cwd: root });
  expect(JSON.parse(printed.toString())).toEqual([true, false]);
});
