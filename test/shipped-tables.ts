import { fileURLToPath } from 'node:url';
import { loadTables } from '../src/tables/load-tables.ts';

/** Wherever the tests are called from. */
export const TABLES_DIRECTORY = fileURLToPath(new URL('../data', import.meta.url));

/** The tables of the project, read once for all tests of a file that ask what is known. */
export const tables = loadTables(TABLES_DIRECTORY);
