import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkConfig } from './logstash/check-config.ts';
import { readKnownPlugins } from './logstash/known-plugins.ts';

/**
 * Checks every pipeline below logstash-pipelines/ (or the files named) as far as that goes without Logstash: grammar,
 * plugins and their options, what the filters write, and the settings of the call to /enrich. Exit code 1 where
 * something is wrong.
 */
const directory = fileURLToPath(new URL('../logstash-pipelines/', import.meta.url));
const named = process.argv.slice(2);
const files = named.length > 0 ? named : confFiles();

const table = readKnownPlugins();
let wrong = 0;
for (const file of files) {
  for (const { line, message } of checkConfig(readFileSync(file, 'utf8'), table)) {
    console.error(`${file}:${line}: ${message}`);
    wrong++;
  }
}
console.log(`${files.length} files checked, ${wrong} findings`);
if (wrong > 0) process.exitCode = 1;

function confFiles(): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .map((name) => `${directory}${name}`);
}
