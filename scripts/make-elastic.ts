import { fileURLToPath } from 'node:url';
import { elasticFiles } from './elastic/elastic-files.ts';
import { writeMadeFile } from './written-file.ts';

/** Writes the templates and dashboards of elastic/. */
const FOLDER = fileURLToPath(new URL('../elastic/', import.meta.url));

for (const { name, text } of elasticFiles()) writeMadeFile(FOLDER + name, name, text);
