import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeMadeFile } from '../scripts/written-file.ts';
import results from './results.json' with { type: 'json' };
import { withBenchTable } from './table.ts';

/** Puts the last runs of `npm run bench` into bench/README.md. */
const path = fileURLToPath(new URL('./README.md', import.meta.url));
writeMadeFile(path, 'bench/README.md', withBenchTable(readFileSync(path, 'utf8'), results));
