import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SectionKind, Statement } from '../../scripts/logstash/config.ts';
import { parseConfig } from '../../scripts/logstash/parse-config.ts';

export const PIPELINES = fileURLToPath(new URL('../../logstash-pipelines/', import.meta.url));

/** Every file of configuration, relative to logstash-pipelines/. */
export function pipelineFiles(): string[] {
  return readdirSync(PIPELINES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.conf'))
    .sort();
}

/** What stands in one kind of section of a folder, as Logstash puts its files together: by name. */
export function statementsOf(folder: string, kind: SectionKind): Statement[] {
  return pipelineFiles()
    .filter((name) => name.startsWith(`${folder}/`))
    .flatMap((name) => parseConfig(readFileSync(PIPELINES + name, 'utf8')).sections)
    .flatMap((section) => (section.kind === kind ? section.body : []));
}
