import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';

/** openapi.yaml is what the routes' schemas say; with `--check` nothing is written, and the exit code tells. */
const path = fileURLToPath(new URL('../openapi.yaml', import.meta.url));
const app = await buildApp(createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' })));
await app.ready();
const text = app.swagger({ yaml: true });
await app.close();

if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
  console.log('openapi.yaml written');
} else if (readFileSync(path, 'utf8') === text) {
  console.log('openapi.yaml is up to date');
} else {
  console.log('openapi.yaml is not what the routes say: run npm run openapi');
  process.exitCode = 1;
}
