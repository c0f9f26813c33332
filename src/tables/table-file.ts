import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '../config.ts';
import { codeOfError } from '../thrown.ts';

/** Throws a ConfigError that names the setting where there is no such directory. */
export function checkDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new ConfigError('DETRAILS_TABLES_DIR is not the name of a directory');
}

/** The content of one file of the tables. Throws a ConfigError that names it. */
export function readTableFile(directory: string, name: string): Buffer {
  try {
    return readFileSync(`${directory}/${name}`);
  } catch (error) {
    throw new ConfigError(`the table ${name} cannot be read: ${codeOfError(error)}`);
  }
}

/** The same as JSON: the parser's own words name no file. */
export function parseTableFile(directory: string, name: string): unknown {
  const text = readTableFile(directory, name).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(`the table ${name} is not JSON`);
  }
}
