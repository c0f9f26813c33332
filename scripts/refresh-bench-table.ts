import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import results from '../bench/results.json' with { type: 'json' };
import { withBenchTable } from './bench-table.ts';
import { writeMadeFile } from './written-file.ts';

/** Puts the last runs of `npm run bench` into bench/README.md. */
const path = fileURLToPath(new URL('../bench/README.md', import.meta.url));
writeMadeFile(path, 'bench/README.md', withBenchTable(readFileSync(path, 'utf8'), results));
