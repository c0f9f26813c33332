import { checkEnrichment, isEnrichment } from './check-enrichment.ts';
import { checkPlugin, type Finding } from './check-options.ts';
import { checkWrites } from './check-writes.ts';
import { pluginsOf, type Section } from './config.ts';
import { ConfigSyntaxError } from './cursor.ts';
import type { KnownPlugin } from './known-plugins.ts';
import { parseConfig } from './parse-config.ts';

/** All that is wrong with one file of configuration, in the order of its lines. */
export function checkConfig(text: string, table: readonly KnownPlugin[]): Finding[] {
  const comments = checkComments(text);
  try {
    const { sections } = parseConfig(text);
    return [
      ...comments,
      ...sections.flatMap((section) => checkSection(section, table)),
      ...checkIds(sections),
    ];
  } catch (error) {
    if (!(error instanceof ConfigSyntaxError)) throw error;
    return [...comments, { line: error.line, message: error.message }];
  }
}

function checkSection(section: Section, table: readonly KnownPlugin[]): Finding[] {
  return pluginsOf(section.body).flatMap((plugin) => [
    ...checkPlugin(plugin, section.kind, table),
    ...(section.kind === 'filter' ? checkWrites(plugin) : []),
    ...(section.kind === 'filter' && isEnrichment(plugin) ? checkEnrichment(plugin) : []),
  ]);
}

/** Two plugins of one id do not start; one without has another name in the metrics after each restart. */
function checkIds(sections: readonly Section[]): Finding[] {
  const seen = new Set<string>();
  const plugins = sections.flatMap((section) => pluginsOf(section.body));
  return plugins.flatMap((plugin) => {
    const id = plugin.attributes.find(({ name }) => name === 'id')?.value;
    if (id?.type !== 'string') return [{ line: plugin.line, message: `${plugin.name} has no id` }];
    if (seen.has(id.text)) return [{ line: plugin.line, message: `the id ${id.text} is taken` }];
    seen.add(id.text);
    return [];
  });
}

/** Logstash replaces variables in comments too, and does not start where one is not set. */
function checkComments(text: string): Finding[] {
  return text.split('\n').flatMap((line, i) => {
    const isReference = /^\s*#.*\$\{/.test(line);
    return isReference ? [{ line: i + 1, message: 'a comment refers to a variable' }] : [];
  });
}
