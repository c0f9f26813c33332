import { fileURLToPath } from 'node:url';

/** The tables of the project, wherever a script is called from. */
export const DATA_DIRECTORY = fileURLToPath(new URL('../data', import.meta.url));
