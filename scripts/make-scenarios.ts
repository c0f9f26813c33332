import { fileURLToPath } from 'node:url';
import { scenarioFiles } from './scenarios/scenario-files.ts';
import { writeMadeFile } from './written-file.ts';

/** Writes examples/scenarios. */
const FOLDER = fileURLToPath(new URL('../examples/scenarios/', import.meta.url));

for (const { name, text } of scenarioFiles()) writeMadeFile(FOLDER + name, name, text);
