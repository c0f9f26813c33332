import { fileURLToPath } from 'node:url';
import { buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { writeMadeFile } from './written-file.ts';

/** openapi.yaml is what the routes' schemas say. */
const app = await buildApp(createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' })));
await app.ready();
const text = app.swagger({ yaml: true });
await app.close();

writeMadeFile(fileURLToPath(new URL('../openapi.yaml', import.meta.url)), 'openapi.yaml', text);
